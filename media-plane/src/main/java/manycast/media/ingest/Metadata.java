package manycast.media.ingest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.LinkedHashMap;
import java.util.Map;
import manycast.media.amf.AmfValue;
import manycast.media.amf.AmfWriter;
import manycast.media.bytes.ProtocolException;
import manycast.media.codec.AudioDescription;
import manycast.media.codec.CodecConfigs;
import manycast.media.codec.VideoDescription;
import manycast.media.flv.FourCc;
import manycast.media.frame.Codec;
import manycast.media.frame.Owned;
import manycast.media.rtmp.connection.PeerWords;
import manycast.media.rtmp.message.RtmpMessage;
import org.jspecify.annotations.Nullable;

/** The {@code onMetaData} message that a destination expects first (protocols: RTMP 1.0 §1.9). */
final class Metadata {
  private static final double H264 = 7;
  private static final double AAC = 10;

  private Metadata() {}

  /** The body of a data message with these fields. */
  static @Owned ByteBuf payload(Map<String, AmfValue> fields) {
    ByteBuf payload = PooledByteBufAllocator.DEFAULT.directBuffer();
    AmfWriter.write(payload, AmfValue.of("@setDataFrame"));
    AmfWriter.write(payload, AmfValue.of("onMetaData"));
    AmfWriter.write(payload, new AmfValue.AmfEcmaArray(fields));
    return payload;
  }

  /**
   * How the encoder names itself among its metadata, fit to be stored; null where it does not. OBS
   * and others say at connect only that they are like a Flash encoder, and here what they are.
   */
  static @Nullable String encoder(RtmpMessage.Data data) {
    for (AmfValue value : data.values()) {
      String name = value instanceof AmfValue.Fields object ? object.text("encoder") : null;
      if (name != null && !name.isBlank()) {
        return PeerWords.of(name);
      }
    }
    return null;
  }

  /** What the codec configs tell; what cannot be read of them is left out. */
  static Map<String, AmfValue> fields(
      @Nullable TrackState video, @Nullable TrackState audio, String encoder) {
    Map<String, AmfValue> fields = new LinkedHashMap<>();
    fields.put("duration", AmfValue.of(0));
    fields.put("fileSize", AmfValue.of(0));
    if (video != null && video.codec() != null) {
      describePicture(video.codec(), video.config(), fields);
    }
    if (audio != null && audio.codec() != null) {
      describeSound(audio.codec(), audio.config(), fields);
    }
    if (!encoder.isEmpty()) {
      fields.put("encoder", AmfValue.of(encoder));
    }
    return fields;
  }

  private static void describePicture(
      Codec codec, byte @Nullable [] config, Map<String, AmfValue> fields) {
    try {
      if (config != null) {
        VideoDescription picture = CodecConfigs.video(codec, Unpooled.wrappedBuffer(config));
        if (picture.width() > 0) {
          fields.put("width", AmfValue.of(picture.width()));
          fields.put("height", AmfValue.of(picture.height()));
        }
        if (picture.frameRate() > 0) {
          fields.put("framerate", AmfValue.of(picture.frameRate()));
        }
      }
    } catch (ProtocolException unreadable) {
      // It is carried all the same, and the warning about it stands in the figures of the encoder.
    }
    putCodec("videocodecid", codec, fields);
  }

  private static void describeSound(
      Codec codec, byte @Nullable [] config, Map<String, AmfValue> fields) {
    putCodec("audiocodecid", codec, fields);
    if (config == null) {
      return;
    }
    try {
      AudioDescription sound = CodecConfigs.audio(codec, Unpooled.wrappedBuffer(config));
      if (sound.sampleRate() > 0) {
        fields.put("audiosamplerate", AmfValue.of(sound.sampleRate()));
        fields.put("audiosamplesize", AmfValue.of(16));
      }
      if (sound.channels() > 0) {
        fields.put("audiochannels", AmfValue.of(sound.channels()));
        fields.put("stereo", AmfValue.of(sound.channels() == 2));
      }
    } catch (ProtocolException unreadable) {
      // As above: the receiver may read what we cannot.
    }
  }

  /** Legacy codecs have small numbers; all others are named by their FourCC (ERTMP, Metadata). */
  private static void putCodec(String name, Codec codec, Map<String, AmfValue> fields) {
    FourCc fourCc = FourCc.of(codec);
    if (codec == Codec.H264) {
      fields.put(name, AmfValue.of(H264));
    } else if (codec == Codec.AAC) {
      fields.put(name, AmfValue.of(AAC));
    } else if (fourCc != null) {
      fields.put(name, AmfValue.of((double) Integer.toUnsignedLong(fourCc.value())));
    }
  }
}

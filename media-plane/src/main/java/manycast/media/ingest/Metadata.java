package manycast.media.ingest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.LinkedHashMap;
import java.util.Map;
import manycast.media.amf.AmfValue;
import manycast.media.amf.AmfWriter;
import manycast.media.bytes.ProtocolException;
import manycast.media.codec.aac.AudioSpecificConfig;
import manycast.media.codec.h264.AvcConfig;
import manycast.media.codec.h264.SequenceParameterSet;
import manycast.media.frame.Owned;
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

  /** What the codec configs tell; what cannot be read of them is left out. */
  static Map<String, AmfValue> fields(
      byte @Nullable [] videoConfig, byte @Nullable [] audioConfig, String encoder) {
    Map<String, AmfValue> fields = new LinkedHashMap<>();
    fields.put("duration", AmfValue.of(0));
    fields.put("fileSize", AmfValue.of(0));
    if (videoConfig != null) {
      describePicture(videoConfig, fields);
      fields.put("videocodecid", AmfValue.of(H264));
    }
    if (audioConfig != null) {
      fields.put("audiocodecid", AmfValue.of(AAC));
      describeSound(audioConfig, fields);
    }
    if (!encoder.isEmpty()) {
      fields.put("encoder", AmfValue.of(encoder));
    }
    return fields;
  }

  private static void describePicture(byte[] config, Map<String, AmfValue> fields) {
    try {
      AvcConfig avc = AvcConfig.read(Unpooled.wrappedBuffer(config));
      if (!avc.sequenceParameterSets().isEmpty()) {
        SequenceParameterSet picture =
            SequenceParameterSet.read(avc.sequenceParameterSets().getFirst());
        fields.put("width", AmfValue.of(picture.width()));
        fields.put("height", AmfValue.of(picture.height()));
        if (picture.frameRate() > 0) {
          fields.put("framerate", AmfValue.of(picture.frameRate()));
        }
      }
    } catch (ProtocolException unreadable) {
      // It is carried all the same, and the warning about it stands in the figures of the encoder.
    }
  }

  private static void describeSound(byte[] config, Map<String, AmfValue> fields) {
    try {
      AudioSpecificConfig aac = AudioSpecificConfig.read(Unpooled.wrappedBuffer(config));
      fields.put("audiosamplerate", AmfValue.of(aac.sampleRate()));
      fields.put("audiosamplesize", AmfValue.of(16));
      if (aac.channels() > 0) {
        fields.put("audiochannels", AmfValue.of(aac.channels()));
        fields.put("stereo", AmfValue.of(aac.channels() == 2));
      }
    } catch (ProtocolException unreadable) {
      // As above: the receiver may read what we cannot.
    }
  }
}

package manycast.media.rtmp.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import manycast.media.amf.AmfValue;
import manycast.media.amf.AmfValue.AmfObject;
import manycast.media.bytes.HexFile;
import manycast.media.bytes.Limits;
import manycast.media.bytes.MediaBytes;
import manycast.media.bytes.ProtocolException;
import manycast.media.rtmp.chunk.ChunkDecoder;
import manycast.media.rtmp.chunk.RawMessage;
import manycast.media.rtmp.message.RtmpMessage.Acknowledgement;
import manycast.media.rtmp.message.RtmpMessage.Command;
import manycast.media.rtmp.message.RtmpMessage.Data;
import manycast.media.rtmp.message.RtmpMessage.Ignored;
import manycast.media.rtmp.message.RtmpMessage.PingRequest;
import manycast.media.rtmp.message.RtmpMessage.PingResponse;
import manycast.media.rtmp.message.RtmpMessage.SetChunkSize;
import manycast.media.rtmp.message.RtmpMessage.SetPeerBandwidth;
import manycast.media.rtmp.message.RtmpMessage.StreamBegin;
import manycast.media.rtmp.message.RtmpMessage.WindowAcknowledgementSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class MessageTest {
  record Row(String name, int chunkStreamId, int type, String body, RtmpMessage message) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Bodies by RTMP 1.0 §5.4 and §7. */
  static Stream<Row> rows() {
    return Stream.of(
        new Row("set chunk size", 2, 1, "00010000", new SetChunkSize(65_536)),
        new Row("acknowledgement", 2, 3, "fffffff0", new Acknowledgement(0xFFFF_FFF0L)),
        new Row("stream begin", 2, 4, "0000 00000001", new StreamBegin(1)),
        new Row("ping request", 2, 4, "0006 00000bb8", new PingRequest(3000)),
        new Row("ping response", 2, 4, "0007 00000bb8", new PingResponse(3000)),
        new Row("window", 2, 5, "002625a0", new WindowAcknowledgementSize(2_500_000)),
        new Row("peer bandwidth", 2, 6, "002625a0 02", new SetPeerBandwidth(2_500_000, 2)),
        new Row(
            "connection's command",
            3,
            20,
            "02 000c 63726561746553747265616d 00 4010000000000000 05",
            new Command("createStream", 4, 0, AmfValue.NULL, List.of())),
        new Row(
            "stream's command",
            5,
            20,
            "02 0008 6f6e537461747573 00 0000000000000000 05 03 0000 09",
            new Command("onStatus", 0, 1, AmfValue.NULL, List.of(new AmfObject(Map.of())))),
        new Row(
            "data",
            5,
            18,
            "02 000d 40736574446174614672616d65 02 000a 6f6e4d65746144617461 03 0000 09",
            new Data(
                1,
                0,
                "@setDataFrame",
                List.of(AmfValue.of("onMetaData"), new AmfObject(Map.of())))));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void readsAndWrites(Row row) throws ProtocolException {
    int messageStreamId = row.chunkStreamId == 5 ? 1 : 0;
    assertThat(read(row.type, messageStreamId, row.body)).isEqualTo(row.message);
    ByteBuf chunk = new MessageWriter(ByteBufAllocator.DEFAULT).write(row.message);
    String body = row.body.replace(" ", "");
    assertThat(ByteBufUtil.hexDump(chunk))
        .isEqualTo(
            "%02x000000%06x%02x%02x000000%s"
                .formatted(row.chunkStreamId, body.length() / 2, row.type, messageStreamId, body));
    chunk.release();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void refusesOrIgnoresTruncation(Row row) {
    byte[] bytes = HexFile.parse(row.body);
    for (int length = 0; length < bytes.length; length++) {
      String cut = ByteBufUtil.hexDump(bytes, 0, length);
      try {
        assertThat(read(row.type, 0, cut)).isNotNull();
      } catch (ProtocolException refused) {
        assertThat(refused.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void readsTheConnectThatFfmpegSends() throws ProtocolException {
    ByteBuf wire = Unpooled.wrappedBuffer(HexFile.read("rtmp/chunk/ffmpeg-5.1.9-connect.hex"));
    try (ChunkDecoder decoder =
        new ChunkDecoder(ByteBufAllocator.DEFAULT, Limits.BEFORE_PUBLISH, MediaBytes.UNBOUNDED)) {
      RawMessage raw = Objects.requireNonNull(decoder.decode(wire));
      Command command = (Command) MessageReader.read(raw);
      raw.release();
      assertThat(command.name()).isEqualTo("connect");
      assertThat(command.transactionId()).isEqualTo(1);
      AmfObject fields = (AmfObject) command.commandObject();
      assertThat(fields.fields().keySet()).containsExactly("app", "type", "flashVer", "tcUrl");
      assertThat(fields.text("app")).isEqualTo("live");
      assertThat(fields.text("flashVer")).startsWith("FMLE/3.0 (compatible; Lavf");
      assertThat(fields.text("tcUrl")).isEqualTo("rtmp://127.0.0.1:20110/live");
    }
  }

  @Test
  void cutsAtTheAnnouncedSizeFromTheNextMessageOn() {
    MessageWriter writer = new MessageWriter(ByteBufAllocator.DEFAULT);
    Command longCommand = new Command("x", 1, 0, AmfValue.of("y".repeat(300)), List.of());
    ByteBuf before = writer.write(longCommand);
    ByteBuf announcement = writer.write(new SetChunkSize(4096));
    ByteBuf after = writer.write(longCommand);
    assertThat(before.readableBytes() - after.readableBytes())
        .as("two type 3 headers")
        .isEqualTo(2);
    before.release();
    announcement.release();
    after.release();
  }

  @Test
  void takesAmf3WrappersForTheAmf0ThatTheyHold() throws ProtocolException {
    String body = "02 0001 61 00 3ff0000000000000 05";
    assertThat(read(17, 0, "00" + body)).isEqualTo(read(20, 0, body));
    assertThat(read(15, 0, "00 02 0001 61 05")).isEqualTo(read(18, 0, "02 0001 61 05"));
  }

  @Test
  void findsMetadataWithAndWithoutSetDataFrame() throws ProtocolException {
    String named = "02 000a 6f6e4d65746144617461 08 00000000 0001 61 05 0000 09";
    Data plain = (Data) read(18, 1, named);
    Data framed = (Data) read(18, 1, "02 000d 40736574446174614672616d65" + named);
    assertThat(Objects.requireNonNull(plain.metadata()).fields()).containsOnlyKeys("a");
    assertThat(framed.metadata()).isEqualTo(plain.metadata());
    assertThat(((Data) read(18, 1, "02 0001 61")).metadata()).isNull();
  }

  @Test
  void passesOverDataWhoseTailIsNotAmf() throws ProtocolException {
    assertThat(read(18, 1, "02 0001 61 05 ffffff"))
        .isEqualTo(new Data(1, 0, "a", List.of(AmfValue.NULL)));
    assertThat(read(18, 1, "ffffff")).isEqualTo(new Ignored(18));
  }

  @Test
  void readsCommandsThatLeaveTheirLastPartsOut() throws ProtocolException {
    assertThat(read(20, 0, "02 0001 61"))
        .isEqualTo(new Command("a", 0, 0, AmfValue.NULL, List.of()));
    assertThatThrownBy(() -> read(20, 0, "05")).hasMessageContaining("command without a name");
  }

  @Test
  void printsNoArgument() {
    assertThat(
            new Command("publish", 5, 1, AmfValue.NULL, List.of(AmfValue.of("sec-ret"))).toString())
        .doesNotContain("sec-ret");
  }

  @Test
  void takesAnAggregateApartAndMovesItsTimes() throws ProtocolException {
    RawMessage aggregate =
        raw(
            22,
            1,
            "08 000002 000064 00 000000 af01 0000000d"
                + "09 000003 000085 00 000000 270100 0000000e");
    AggregateReader reader =
        new AggregateReader(
            new RawMessage(4, 1000, 22, 1, aggregate.body()), ByteBufAllocator.DEFAULT);
    RawMessage first = Objects.requireNonNull(reader.next());
    RawMessage second = Objects.requireNonNull(reader.next());
    assertThat(reader.next()).isNull();
    assertThat(first.type()).isEqualTo(8);
    assertThat(first.timestamp()).isEqualTo(1000);
    assertThat(ByteBufUtil.hexDump(first.body())).isEqualTo("af01");
    assertThat(second.type()).isEqualTo(9);
    assertThat(second.timestamp()).isEqualTo(1033);
    assertThat(ByteBufUtil.hexDump(second.body())).isEqualTo("270100");
    first.release();
    second.release();
  }

  @Test
  void anyBodyParsesOrIsRefused() {
    int[] types = {1, 3, 4, 5, 6, 15, 17, 18, 20, 22, 99};
    for (long seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] body = new byte[random.nextInt(60)];
      random.nextBytes(body);
      try {
        RawMessage raw =
            new RawMessage(
                3, 0, types[random.nextInt(types.length)], 0, Unpooled.wrappedBuffer(body));
        assertThat(MessageReader.read(raw)).as("seed %d", seed).isNotNull();
        AggregateReader reader =
            new AggregateReader(
                new RawMessage(3, 0, 22, 0, Unpooled.wrappedBuffer(body)),
                ByteBufAllocator.DEFAULT);
        RawMessage inner = reader.next();
        while (inner != null) {
          inner.release();
          inner = reader.next();
        }
      } catch (ProtocolException refused) {
        assertThat(refused.getMessage()).as("seed %d", seed).isNotBlank();
      }
    }
  }

  private static RtmpMessage read(int type, int messageStreamId, String hex)
      throws ProtocolException {
    return MessageReader.read(raw(type, messageStreamId, hex));
  }

  private static RawMessage raw(int type, int messageStreamId, String hex) {
    return new RawMessage(3, 0, type, messageStreamId, Unpooled.wrappedBuffer(HexFile.parse(hex)));
  }
}

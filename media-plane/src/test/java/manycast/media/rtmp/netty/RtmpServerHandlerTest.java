package manycast.media.rtmp.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import manycast.media.amf.AmfValue;
import manycast.media.amf.AmfValue.AmfObject;
import manycast.media.amf.AmfWriter;
import manycast.media.bytes.CountingBytes;
import manycast.media.bytes.HexFile;
import manycast.media.bytes.Limits;
import manycast.media.bytes.ProtocolException;
import manycast.media.rtmp.chunk.ChunkDecoder;
import manycast.media.rtmp.chunk.ChunkEncoder;
import manycast.media.rtmp.chunk.ChunkHeader;
import manycast.media.rtmp.chunk.RawMessage;
import manycast.media.rtmp.connection.PublishEnd;
import manycast.media.rtmp.connection.PublishRefusal;
import manycast.media.rtmp.message.MessageReader;
import manycast.media.rtmp.message.RtmpMessage;
import manycast.media.rtmp.message.RtmpMessage.Command;
import manycast.media.rtmp.netty.RecordingGate.Tag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server's shell on a channel without a socket, whose clock the test turns. */
final class RtmpServerHandlerTest {
  private static final int OBS_CHUNK_SIZE = 4096;

  private final RecordingGate gate = new RecordingGate();
  private final CountingBytes counter = new CountingBytes(1 << 20);
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final ChunkDecoder answers =
      new ChunkDecoder(ByteBufAllocator.DEFAULT, Limits.BEFORE_PUBLISH, counter);

  @BeforeEach
  void start() {
    channel.freezeTime();
    channel.pipeline().addLast(new RtmpServerHandler(gate, counter));
  }

  @AfterEach
  void leavesNothingBehind() {
    channel.finishAndReleaseAll();
    answers.close();
    assertThat(counter.held()).isZero();
  }

  /** OBS 30: chunk size and connect right behind C2, everything that is media on chunk stream 4. */
  @Test
  void takesTheSequenceOfObs() throws ProtocolException {
    publishAsObs();
    assertThat(gate.requests.getFirst().encoder()).isEqualTo("FMLE/3.0 (compatible; FMSc/1.0)");
    send(
        full(4, 0, 9, 1, "17000000000164"),
        delta(4, 0, 8, "af001190"),
        delta(4, 33, 9, "2701000000aa"),
        delta(4, 0xFFFF_FFFDL, 8, "af01bb"));
    assertThat(gate.tags)
        .containsExactly(
            new Tag(9, 0, "17000000000164"),
            new Tag(8, 0, "af001190"),
            new Tag(9, 33, "2701000000aa"),
            new Tag(8, 30, "af01bb"));
    send(command(3, 0, "FCUnpublish", 6, AmfValue.of(RecordingGate.KEY)));
    send(command(3, 0, "deleteStream", 7, AmfValue.of(1)));
    assertThat(gate.ends).containsExactly(PublishEnd.UNPUBLISHED);
  }

  /** OBS reads with blocking calls: half an answer would freeze its output. */
  @Test
  void writesEveryAnswerAsOneWholeBuffer() throws ProtocolException {
    shakeHands();
    send(obsConnect());
    ByteBuf written = channel.readOutbound();
    while (written != null) {
      RawMessage message = answers.decode(written);
      if (message != null) {
        message.release();
      }
      assertThat(written.isReadable()).isFalse();
      written.release();
      written = channel.readOutbound();
    }
  }

  @Test
  void closesAHandshakeThatIsNotWholeWithinTenSeconds() {
    send(new byte[1000]);
    advance(9_900);
    assertThat(channel.isActive()).isTrue();
    advance(600);
    assertThat(channel.isActive()).isFalse();
  }

  @Test
  void dropsMediaThatComesBeforeTheKeyWasChecked() throws ProtocolException {
    gate.holding = true;
    publishAsObs();
    send(full(4, 0, 9, 1, "1701000000aa"));
    gate.held.getFirst().allow(gate.sink());
    channel.runPendingTasks();
    assertThat(gate.tags).isEmpty();
    send(full(4, 0, 9, 1, "1701000000bb"));
    assertThat(gate.tags).containsExactly(new Tag(9, 0, "1701000000bb"));
  }

  @Test
  void refusesALargeMessageBeforePublishAndTakesItBehind() throws ProtocolException {
    publishAsObs();
    send(full(4, 0, 9, 1, "17".repeat(100_000)));
    assertThat(gate.tags).hasSize(1);
    EmbeddedChannel other = new EmbeddedChannel(new RtmpServerHandler(gate, counter));
    other.writeInbound(Unpooled.wrappedBuffer(hello()));
    other.writeInbound(Unpooled.wrappedBuffer(new byte[1536]));
    other.writeInbound(Unpooled.wrappedBuffer(HexFile.parse("04 000000 0186a0 09 01000000")));
    assertThat(other.isActive()).isFalse();
    other.finishAndReleaseAll();
  }

  @Test
  void saysNoThenClosesABitLater() throws ProtocolException {
    gate.holding = true;
    publishAsObs();
    answered();
    gate.held.getFirst().refuse(PublishRefusal.REJECTED, "Ended in the dashboard.");
    channel.runPendingTasks();
    Command status = (Command) answered().getLast();
    assertThat(status.fields(0)).isNotNull();
    assertThat(channel.isActive()).isTrue();
    advance(699);
    assertThat(channel.isActive()).isTrue();
    advance(2);
    assertThat(channel.isActive()).isFalse();
  }

  @Test
  void tellsTheSinkOfAnEncoderThatLeftBeforeTheAnswer() throws ProtocolException {
    gate.holding = true;
    publishAsObs();
    channel.close();
    gate.held.getFirst().allow(gate.sink());
    channel.runPendingTasks();
    assertThat(gate.ends).containsExactly(PublishEnd.LOST);
  }

  @Test
  void endsAPublishWithoutMediaForFifteenSecondsThoughPingsCome() throws ProtocolException {
    publishAsObs();
    advance(14_000);
    send(HexFile.parse("02 000000 000006 04 00000000 0006 00000001"));
    assertThat(gate.ends).isEmpty();
    advance(1_500);
    assertThat(gate.ends).containsExactly(PublishEnd.SILENT);
    assertThat(channel.isActive()).isFalse();
  }

  /** A slow path takes its time for a large keyframe. */
  @Test
  void aFrameThatTakesLongToArriveIsNoSilence() throws ProtocolException {
    publishAsObs();
    int heard = gate.heard;
    byte[] frame = full(4, 0, 9, 1, "17" + "00".repeat(3_999));
    for (int part = 0; part < 20; part++) {
      send(Arrays.copyOfRange(frame, part * 200, (part + 1) * 200));
      advance(1_000);
      assertThat(gate.ends).as("after %d s", part + 1).isEmpty();
    }
    assertThat(gate.tags).as("it is not whole yet").isEmpty();
    assertThat(gate.heard - heard).isEqualTo(20);
    advance(15_000);
    assertThat(gate.ends).containsExactly(PublishEnd.SILENT);
  }

  @Test
  void anyBytesBehindTheHandshakeEndAtMostTheirOwnConnection() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      EmbeddedChannel hostile = new EmbeddedChannel(new RtmpServerHandler(gate, counter));
      hostile.writeInbound(Unpooled.wrappedBuffer(hello()));
      hostile.writeInbound(Unpooled.wrappedBuffer(new byte[1536]));
      byte[] bytes = new byte[random.nextInt(3000)];
      random.nextBytes(bytes);
      hostile.writeInbound(Unpooled.wrappedBuffer(bytes));
      hostile.checkException();
      hostile.finishAndReleaseAll();
      assertThat(counter.held()).as("seed %d", seed).isZero();
    }
    assertThat(gate.requests).isEmpty();
  }

  private void publishAsObs() throws ProtocolException {
    shakeHands();
    send(obsConnect());
    send(
        command(3, 0, "releaseStream", 2, AmfValue.of(RecordingGate.KEY)),
        command(3, 0, "FCPublish", 3, AmfValue.of(RecordingGate.KEY)),
        command(3, 0, "createStream", 4));
    send(command(4, 1, "publish", 5, AmfValue.of(RecordingGate.KEY), AmfValue.of("live")));
    List<RtmpMessage> all = answered();
    assertThat(names(all)).startsWith("_result", "_result", "_result", "_result");
    assertThat(gate.requests.getLast().key()).isEqualTo(RecordingGate.KEY);
    if (!gate.holding) {
      assertThat(names(all)).endsWith("onStatus");
    }
  }

  private void shakeHands() {
    send(hello());
    ByteBuf answer = channel.readOutbound();
    assertThat(answer.readableBytes()).isEqualTo(1 + 2 * 1536);
    answer.release();
    send(new byte[1536]);
  }

  private static byte[] hello() {
    byte[] hello = new byte[1 + 1536];
    hello[0] = 3;
    return hello;
  }

  private static byte[] obsConnect() {
    Map<String, AmfValue> fields = new LinkedHashMap<>();
    fields.put("app", AmfValue.of("live"));
    fields.put("type", AmfValue.of("nonprivate"));
    fields.put("flashVer", AmfValue.of("FMLE/3.0 (compatible; FMSc/1.0)"));
    fields.put("swfUrl", AmfValue.of("rtmp://host/live"));
    fields.put("tcUrl", AmfValue.of("rtmp://host/live"));
    byte[] chunkSize = HexFile.parse("02 000000 000004 01 00000000 00001000");
    byte[] connect = command(3, 0, "connect", 1, new AmfObject(fields));
    byte[] both = new byte[chunkSize.length + connect.length];
    System.arraycopy(chunkSize, 0, both, 0, chunkSize.length);
    System.arraycopy(connect, 0, both, chunkSize.length, connect.length);
    return both;
  }

  /** A command whose object is null unless the only argument is one. */
  private static byte[] command(
      int chunkStreamId, int messageStreamId, String name, int id, AmfValue... arguments) {
    ByteBuf body = Unpooled.buffer();
    AmfWriter.write(body, AmfValue.of(name));
    AmfWriter.write(body, AmfValue.of(id));
    if (!name.equals("connect")) {
      AmfWriter.write(body, AmfValue.NULL);
    }
    for (AmfValue argument : arguments) {
      AmfWriter.write(body, argument);
    }
    assertThat(body.toString(StandardCharsets.ISO_8859_1)).contains(name);
    return encode(new ChunkHeader.Full(chunkStreamId, 0, 20, messageStreamId), body);
  }

  private static byte[] full(int chunkStreamId, long time, int type, int id, String hex) {
    return encode(
        new ChunkHeader.Full(chunkStreamId, time, type, id),
        Unpooled.wrappedBuffer(HexFile.parse(hex)));
  }

  private static byte[] delta(int chunkStreamId, long delta, int type, String hex) {
    return encode(
        new ChunkHeader.Delta(chunkStreamId, delta, type),
        Unpooled.wrappedBuffer(HexFile.parse(hex)));
  }

  private static byte[] encode(ChunkHeader header, ByteBuf body) {
    ByteBuf chunks = ChunkEncoder.encode(ByteBufAllocator.DEFAULT, header, OBS_CHUNK_SIZE, body);
    byte[] bytes = new byte[chunks.readableBytes()];
    chunks.readBytes(bytes).release();
    return bytes;
  }

  private void send(byte[]... segments) {
    for (byte[] segment : segments) {
      channel.writeInbound(Unpooled.wrappedBuffer(segment));
    }
    channel.runPendingTasks();
  }

  private List<RtmpMessage> answered() throws ProtocolException {
    List<RtmpMessage> messages = new ArrayList<>();
    ByteBuf written = channel.readOutbound();
    while (written != null) {
      RawMessage raw = answers.decode(written);
      while (raw != null) {
        messages.add(MessageReader.read(raw));
        raw.release();
        raw = answers.decode(written);
      }
      written.release();
      written = channel.readOutbound();
    }
    return messages;
  }

  private static List<String> names(List<RtmpMessage> messages) {
    return messages.stream()
        .filter(Command.class::isInstance)
        .map(message -> ((Command) message).name())
        .toList();
  }

  private void advance(long ms) {
    channel.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    channel.runPendingTasks();
  }
}

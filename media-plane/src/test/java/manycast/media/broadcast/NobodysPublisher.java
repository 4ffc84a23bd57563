package manycast.media.broadcast;

/** A publisher of tests that send frames themselves. */
public final class NobodysPublisher implements Publisher {
  @Override
  public void admitted(Broadcast broadcast) {}

  @Override
  public void turnedAway() {}

  @Override
  public void sentOn() {}

  @Override
  public void askToMove() {}

  @Override
  public void disconnect() {}
}

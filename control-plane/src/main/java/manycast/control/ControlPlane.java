package manycast.control;

/** Starts the control plane. */
public final class ControlPlane {
  private ControlPlane() {}

  static void main(String[] args) {}
}

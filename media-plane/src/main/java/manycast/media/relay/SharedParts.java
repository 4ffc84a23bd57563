package manycast.media.relay;

/**
 * What the relays of one broadcast have together.
 *
 * @param timer wakes them when delayed frames are due
 * @param inStep the connections that are in step
 * @param catchUp what those that are behind may be given
 */
record SharedParts(DueTimer timer, InStep inStep, CatchUp catchUp) {}

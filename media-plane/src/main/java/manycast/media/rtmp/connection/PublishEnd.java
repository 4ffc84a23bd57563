package manycast.media.rtmp.connection;

/** How an accepted publish came to its end. */
public enum PublishEnd {
  /** The encoder said goodbye: FCUnpublish, deleteStream or closeStream. */
  UNPUBLISHED,
  /** The connection ended without a word, or broke a rule. */
  LOST,
  /** No media for 15 s; we closed. */
  SILENT,
  /** We closed it on the node's own wish. */
  CLOSED_BY_US
}

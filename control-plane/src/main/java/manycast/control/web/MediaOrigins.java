package manycast.control.web;

import java.util.List;

/** Where pages may take media from besides our own origin. */
public interface MediaOrigins {
  /** Such as {@code https://node-3.example.com:8081}, in order; never throws, never blocks long. */
  List<String> mediaOrigins();
}

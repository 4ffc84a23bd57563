package manycast.launcher.settings;

/**
 * The ports of one control plane and one media node.
 *
 * @param http dashboard and API
 * @param internal the control plane's metrics
 * @param mediaHttp the node's preview
 * @param mediaInternal the node's metrics and {@code /v1}
 * @param rtmp where encoders publish
 * @param rtmps where they do so over TLS
 * @param database the embedded Postgres
 */
public record Ports(
    int http, int internal, int mediaHttp, int mediaInternal, int rtmp, int rtmps, int database) {}

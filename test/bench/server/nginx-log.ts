/** The format of the access log: bytes of the body, then the method. */
export const NGINX_LOG_FORMAT = '$body_bytes_sent $request_method';

/** Bytes of content that nginx sent, by the access log. Lines that are not in {@link NGINX_LOG_FORMAT} are left out. */
export function bytesInLog(log: string): number {
  return log.split('\n').reduce((sum, line) => sum + Number(/^(\d+) GET$/.exec(line)?.[1] ?? 0), 0);
}

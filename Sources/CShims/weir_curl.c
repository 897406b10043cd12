#include "weir_curl.h"
#include <stdlib.h>
#include <string.h>

// Numbers of curl.h, which need not be installed; they never change.
enum {
  OPT_PORT_REUSE = 75, OPT_FRESH = 74, OPT_FOLLOW = 52, OPT_UPLOAD = 46, OPT_NOSIGNAL = 99, OPT_TIMEOUT_MS = 155, OPT_CONNECT_MS = 156,
  OPT_PROTOCOLS = 181, OPT_USE_SSL = 119, OPT_HTTP_VERSION = 84, OPT_NETRC = 51, OPT_URL = 10002, OPT_WRITEDATA = 10001, OPT_READDATA = 10009,
  OPT_POSTFIELDS = 10015, OPT_HTTPHEADER = 10023, OPT_HEADERDATA = 10029, OPT_CUSTOMREQUEST = 10036, OPT_PROXY = 10004, OPT_CAINFO = 10065,
  OPT_USERNAME = 10173, OPT_PASSWORD = 10174, OPT_MAIL_FROM = 10186, OPT_MAIL_RCPT = 10187, OPT_RESOLVE = 10203, OPT_WRITEFUNCTION = 20011,
  OPT_READFUNCTION = 20012, OPT_HEADERFUNCTION = 20079, OPT_POSTFIELDSIZE_LARGE = 30120, OPT_INFILESIZE_LARGE = 30115,
  INFO_STATUS = 0x200002, INFO_REQUEST_SIZE = 0x20000C, INFO_UPLOADED = 0x600007,
  PROTOCOL_HTTP = 1, PROTOCOL_HTTPS = 2, PROTOCOL_SMTP = 1 << 16, PROTOCOL_SMTPS = 1 << 17,
};

typedef struct slist slist;
typedef void *(*init_function)(void);
typedef int (*set_function)(void *, int, ...);
typedef int (*handle_function)(void *);
typedef void (*cleanup_function)(void *);
typedef slist *(*append_function)(slist *, const char *);
typedef void (*free_function)(slist *);

typedef struct {
  unsigned char *bytes;
  size_t length, capacity, limit;
  int is_full;
} buffer;

static int take(buffer *to, const char *bytes, size_t count) {
  if (to->length + count > to->limit) {
    to->is_full = 1;
    return 0;
  }
  if (to->length + count > to->capacity) {
    size_t capacity = (to->length + count) * 2;
    unsigned char *grown = realloc(to->bytes, capacity);
    if (!grown) return 0;
    to->bytes = grown;
    to->capacity = capacity;
  }
  memcpy(to->bytes + to->length, bytes, count);
  to->length += count;
  return 1;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *to) { return take(to, bytes, size * count) ? size * count : 0; }

static size_t take_head(char *bytes, size_t size, size_t count, void *to) {
  buffer *head = to;
  // A new block: what came before was "100 Continue" or the like.
  if (size * count > 5 && memcmp(bytes, "HTTP/", 5) == 0) head->length = 0;
  return take(head, bytes, size * count) ? size * count : 0;
}

typedef struct {
  const unsigned char *bytes;
  size_t length, position;
} source;

static size_t give(char *to, size_t size, size_t count, void *from) {
  source *body = from;
  size_t rest = body->length - body->position;
  size_t part = rest < size * count ? rest : size * count;
  memcpy(to, body->bytes + body->position, part);
  body->position += part;
  return part;
}

void weir_curl_exchange(const weir_curl *curl, const weir_exchange *exchange, weir_answer *answer) {
  memset(answer, 0, sizeof *answer);
  set_function set = (set_function)curl->easy_setopt;
  append_function append = (append_function)curl->slist_append;
  free_function free_list = (free_function)curl->slist_free_all;
  void *handle = ((init_function)curl->easy_init)();
  if (!handle) {
    answer->code = 27;
    return;
  }
  buffer head = {0}, body = {0};
  head.limit = 64 * 1024;
  body.limit = exchange->largest_answer;
  source sent = {exchange->body, exchange->body_length, 0};
  slist *headers = NULL, *receivers = NULL, *resolve = NULL;

  set(handle, OPT_URL, exchange->url);
  set(handle, OPT_NOSIGNAL, 1L);
  set(handle, OPT_TIMEOUT_MS, exchange->timeout_ms);
  set(handle, OPT_CONNECT_MS, exchange->timeout_ms);
  set(handle, OPT_FOLLOW, 0L);
  set(handle, OPT_FRESH, 1L);
  set(handle, OPT_PORT_REUSE, 1L);
  set(handle, OPT_NETRC, 0L);
  // A proxy of the environment would look names up by itself.
  set(handle, OPT_PROXY, "");
  set(handle, OPT_WRITEFUNCTION, take_body);
  set(handle, OPT_WRITEDATA, &body);
  set(handle, OPT_HEADERFUNCTION, take_head);
  set(handle, OPT_HEADERDATA, &head);
  if (exchange->trusted) set(handle, OPT_CAINFO, exchange->trusted);
  if (exchange->resolve) {
    resolve = append(NULL, exchange->resolve);
    set(handle, OPT_RESOLVE, resolve);
  }
  if (exchange->method) {
    set(handle, OPT_PROTOCOLS, (long)(PROTOCOL_HTTP | PROTOCOL_HTTPS));
    set(handle, OPT_HTTP_VERSION, 2L);
    set(handle, OPT_CUSTOMREQUEST, exchange->method);
    if (exchange->body) {
      set(handle, OPT_POSTFIELDSIZE_LARGE, (long long)exchange->body_length);
      set(handle, OPT_POSTFIELDS, exchange->body);
    }
    for (size_t index = 0; index < exchange->header_count; index++) headers = append(headers, exchange->headers[index]);
    headers = append(headers, "Expect:");
    set(handle, OPT_HTTPHEADER, headers);
  } else {
    set(handle, OPT_PROTOCOLS, (long)(PROTOCOL_SMTP | PROTOCOL_SMTPS));
    set(handle, OPT_MAIL_FROM, exchange->sender);
    for (size_t index = 0; index < exchange->receiver_count; index++) receivers = append(receivers, exchange->receivers[index]);
    set(handle, OPT_MAIL_RCPT, receivers);
    if (exchange->user) set(handle, OPT_USERNAME, exchange->user);
    if (exchange->password) set(handle, OPT_PASSWORD, exchange->password);
    if (exchange->start_tls) set(handle, OPT_USE_SSL, 3L);
    set(handle, OPT_UPLOAD, 1L);
    set(handle, OPT_READFUNCTION, give);
    set(handle, OPT_READDATA, &sent);
    set(handle, OPT_INFILESIZE_LARGE, (long long)exchange->body_length);
  }

  answer->code = ((handle_function)curl->easy_perform)(handle);
  set_function info = (set_function)curl->easy_getinfo;
  info(handle, INFO_STATUS, &answer->status);
  if (exchange->method) {
    long size = 0;
    info(handle, INFO_REQUEST_SIZE, &size);
    answer->was_sent = size > 0;
  } else {
    answer->was_sent = sent.position > 0;
  }
  answer->is_too_large = body.is_full;
  answer->head = (char *)head.bytes;
  answer->head_length = head.length;
  answer->body = body.bytes;
  answer->body_length = body.length;
  ((cleanup_function)curl->easy_cleanup)(handle);
  if (headers) free_list(headers);
  if (receivers) free_list(receivers);
  if (resolve) free_list(resolve);
}

void weir_answer_free(weir_answer *answer) {
  free(answer->head);
  free(answer->body);
  memset(answer, 0, sizeof *answer);
}

#pragma once
#include <stddef.h>

/// The functions of libcurl that are called (curl_easy_setopt is variadic, which Swift cannot call). All of them found, or none is used.
typedef struct {
  void *easy_init, *easy_setopt, *easy_perform, *easy_getinfo, *easy_cleanup, *slist_append, *slist_free_all;
} weir_curl;

/// One exchange with one address. Texts end in a zero and are not kept.
typedef struct {
  const char *url;
  /// `host:port:address,address`: where to connect to, whatever the name would lead to by now. NULL looks the name up.
  const char *resolve;
  /// The method of HTTP; NULL sends a mail.
  const char *method;
  const char *const *headers;
  size_t header_count;
  /// NULL: no body.
  const unsigned char *body;
  size_t body_length;
  long timeout_ms;
  /// More of an answer's body is not read.
  size_t largest_answer;
  /// A file of certificates to trust in place of the system's; NULL for the system's.
  const char *trusted;
  // Mail.
  const char *sender;
  const char *const *receivers;
  size_t receiver_count;
  const char *user;
  const char *password;
  /// Whether the connection must be made secure after it stands (STARTTLS).
  int start_tls;
} weir_exchange;

typedef struct {
  /// A CURLcode; 0 went well.
  int code;
  /// Of HTTP or SMTP; 0 if none came.
  long status;
  /// Whether a part of the request may have reached the other side.
  int was_sent;
  int is_too_large;
  /// The lines of the last header block, and the body. Freed by weir_answer_free.
  char *head;
  size_t head_length;
  unsigned char *body;
  size_t body_length;
} weir_answer;

/// Performs the exchange and fills `answer`. Blocks at most `timeout_ms`.
void weir_curl_exchange(const weir_curl *curl, const weir_exchange *exchange, weir_answer *answer);

void weir_answer_free(weir_answer *answer);

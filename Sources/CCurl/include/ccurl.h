#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>

/* Swift cannot call variadic C functions. These give curl_easy_setopt, curl_easy_getinfo and
   curl_multi_setopt one fixed signature for each kind of argument that fatesync passes. */

typedef size_t (*ccurl_receive)(char *data, size_t size, size_t count, void *context);

CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value);
CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value);
CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode ccurl_set_receiver(CURL *handle, ccurl_receive receive, void *context);
CURLcode ccurl_get_long(CURL *handle, CURLINFO info, long *value);
CURLMcode ccurl_multi_set_long(CURLM *handle, CURLMoption option, long value);

/* libcurl copies the bytes. */
CURLcode ccurl_set_body(CURL *handle, const void *bytes, size_t count);

#endif

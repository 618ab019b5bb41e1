#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// One simdjson DOM parser, reused for every record that one worker reads; not safe for two threads at once.
typedef struct deskferry_json_parser deskferry_json_parser;

deskferry_json_parser *deskferry_json_parser_create(void);
void deskferry_json_parser_destroy(deskferry_json_parser *parser);

/// Parses one JSON text. At least DESKFERRY_JSON_PADDING readable bytes must follow `bytes + count`.
/// On success returns 0 and points `tape` and `strings` into memory that lives until the next call.
int deskferry_json_parse(deskferry_json_parser *parser, const uint8_t *bytes, size_t count, const uint64_t **tape,
                         const uint8_t **strings);

/// simdjson's sentence for an error code; static storage.
const char *deskferry_json_error_message(int code);

/// simdjson's code for a number that fits neither 64 bits nor a double.
int deskferry_json_number_error(void);

/// The instruction set that simdjson chose at run time; static storage.
const char *deskferry_json_implementation(void);

/// Keeps freed memory within the process instead of giving it back at once: batches come and go by the megabyte, and each
/// 4 kB that come back cost a page fault. Does nothing where the C library is not glibc.
void deskferry_keep_freed_memory(void);

#define DESKFERRY_JSON_PADDING 64

#ifdef __cplusplus
}
#endif

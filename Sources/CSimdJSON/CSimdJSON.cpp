#include "CSimdJSON.h"

#include <cstdlib>
#include <new>
#include <simdjson.h>
#include <string>
#ifdef __GLIBC__
#include <malloc.h>
#endif

static_assert(DESKFERRY_JSON_PADDING >= simdjson::SIMDJSON_PADDING, "readers must pad what simdjson reads ahead");

struct deskferry_json_parser {
    simdjson::dom::parser parser;
};

deskferry_json_parser *deskferry_json_parser_create(void) { return new (std::nothrow) deskferry_json_parser(); }

void deskferry_json_parser_destroy(deskferry_json_parser *parser) { delete parser; }

int deskferry_json_parse(deskferry_json_parser *parser, const uint8_t *bytes, size_t count, const uint64_t **tape,
                         const uint8_t **strings) {
    auto error = parser->parser.parse(bytes, count, false).error();
    if (error) return static_cast<int>(error);
    *tape = parser->parser.doc.tape.get();
    *strings = parser->parser.doc.string_buf.get();
    return 0;
}

const char *deskferry_json_error_message(int code) {
    return simdjson::error_message(static_cast<simdjson::error_code>(code));
}

int deskferry_json_number_error(void) { return static_cast<int>(simdjson::NUMBER_ERROR); }

const char *deskferry_json_implementation(void) {
    static const std::string name = simdjson::get_active_implementation()->name();
    return name.c_str();
}

void deskferry_keep_freed_memory(void) {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 16 << 20);
#endif
}

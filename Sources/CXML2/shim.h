#pragma once
// Debian builds libxml2 with ICU, whose headers clash with Foundation's own copy; nothing here needs it.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/xmlreader.h>
#include <libxml/HTMLparser.h>
#include <libxml/xmlerror.h>

/// `xmlFree` is a global function pointer, which Swift 6 refuses as shared mutable state.
static inline void deskferry_xml_free(void *memory) { xmlFree(memory); }

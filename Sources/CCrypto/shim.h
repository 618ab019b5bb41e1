#pragma once
#include <openssl/evp.h>

/// SHA-256 of a run of bytes in one call; returns 1 on success.
static inline int deskferry_sha256(const void *bytes, size_t count, unsigned char digest[32]) {
    return EVP_Digest(bytes, count, digest, 0, EVP_sha256(), 0);
}

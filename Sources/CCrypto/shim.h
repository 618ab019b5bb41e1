#pragma once
#include <openssl/evp.h>
#include <openssl/hmac.h>

/// SHA-256 of a run of bytes in one call; returns 1 on success.
static inline int deskferry_sha256(const void *bytes, size_t count, unsigned char digest[32]) {
    return EVP_Digest(bytes, count, digest, 0, EVP_sha256(), 0);
}

/// An SHA-256 that is fed piece by piece.
static inline EVP_MD_CTX *deskferry_sha256_begin(void) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context) EVP_DigestInit_ex(context, EVP_sha256(), 0);
    return context;
}
static inline void deskferry_sha256_update(EVP_MD_CTX *context, const void *bytes, size_t count) {
    EVP_DigestUpdate(context, bytes, count);
}
static inline void deskferry_sha256_end(EVP_MD_CTX *context, unsigned char digest[32]) {
    EVP_DigestFinal_ex(context, digest, 0);
    EVP_MD_CTX_free(context);
}

/// HMAC with SHA-256 of a run of bytes; returns 1 on success.
static inline int deskferry_hmac_sha256(
    const void *key, size_t keyCount, const void *bytes, size_t count, unsigned char digest[32]
) {
    return HMAC(EVP_sha256(), key, (int)keyCount, bytes, count, digest, 0) ? 1 : 0;
}

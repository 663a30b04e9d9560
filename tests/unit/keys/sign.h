/* sign.h - a platform's side of keys and tokens, made with OpenSSL alone so that
 * it is not our own code that our code is held against. Header only: each room's
 * tests are a program of their own. */
#ifndef TESTS_KEYS_SIGN_H
#define TESTS_KEYS_SIGN_H

#include "base/js.h"
#include "base/str.h"
#include <check.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNUSED_OK __attribute__((unused))

enum { SIGN_KEYS = 4 };

/* Made once and kept for the whole program: call it where a suite is made, before
 * Check forks. */
UNUSED_OK static EVP_PKEY *sign_rsa(int which)
{
	static EVP_PKEY *keys[SIGN_KEYS];

	if (!keys[which])
		keys[which] = EVP_RSA_gen(2048);
	return keys[which];
}

UNUSED_OK static char *sign_bn(struct mem *m, const EVP_PKEY *key, const char *param, int len)
{
	BIGNUM *n = NULL;
	unsigned char bytes[1024];

	ck_assert_int_eq(EVP_PKEY_get_bn_param(key, param, &n), 1);
	if (!len)
		len = BN_num_bytes(n);
	BN_bn2binpad(n, bytes, len);
	BN_free(n);
	return b64url_encode(m, bytes, (size_t)len);
}

/* A public JWK; `more` is further members beginning with a comma, or "". */
UNUSED_OK static char *sign_rsa_jwk(struct mem *m, const EVP_PKEY *key, const char *kid,
				    const char *more)
{
	return mem_printf(m, "{\"kty\":\"RSA\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"%s}", kid,
			  sign_bn(m, key, OSSL_PKEY_PARAM_RSA_N, 0),
			  sign_bn(m, key, OSSL_PKEY_PARAM_RSA_E, 0), more);
}

UNUSED_OK static char *sign_ec_jwk(struct mem *m, const EVP_PKEY *key, const char *kid,
				   const char *curve, int len)
{
	return mem_printf(
		m, "{\"kty\":\"EC\",\"kid\":\"%s\",\"crv\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"}", kid,
		curve, sign_bn(m, key, OSSL_PKEY_PARAM_EC_PUB_X, len),
		sign_bn(m, key, OSSL_PKEY_PARAM_EC_PUB_Y, len));
}

UNUSED_OK static char *sign_set(struct mem *m, const char *jwk)
{
	return mem_printf(m, "{\"keys\":[%s]}", jwk);
}

/* OpenSSL's DER signature of an elliptic curve as JWS wants it: r | s. */
UNUSED_OK static size_t sign_raw(unsigned char *sig, size_t n, int half)
{
	const unsigned char *p = sig;
	ECDSA_SIG *der = d2i_ECDSA_SIG(NULL, &p, (long)n);

	ck_assert_ptr_nonnull(der);
	unsigned char raw[256];
	BN_bn2binpad(ECDSA_SIG_get0_r(der), raw, half);
	BN_bn2binpad(ECDSA_SIG_get0_s(der), raw + half, half);
	memcpy(sig, raw, (size_t)(2 * half));
	ECDSA_SIG_free(der);
	return (size_t)(2 * half);
}

/* A compact JWS of exactly these two texts. half: 0 for RSA, else bytes of r and s. */
UNUSED_OK static char *sign_jws(struct mem *m, EVP_PKEY *key, const char *digest, int half,
				const char *header, const char *payload)
{
	unsigned char sig[1024];
	size_t n = sizeof sig;
	char *input = mem_printf(m, "%s.%s", b64url_encode(m, header, strlen(header)),
				 b64url_encode(m, payload, strlen(payload)));
	EVP_MD_CTX *c = EVP_MD_CTX_new();

	ck_assert_int_eq(EVP_DigestSignInit_ex(c, NULL, digest, NULL, NULL, key, NULL), 1);
	ck_assert_int_eq(EVP_DigestSign(c, sig, &n, (unsigned char *)input, strlen(input)), 1);
	EVP_MD_CTX_free(c);
	if (half)
		n = sign_raw(sig, n, half);
	return mem_printf(m, "%s.%s", input, b64url_encode(m, sig, n));
}

UNUSED_OK static char *sign_rs256(struct mem *m, EVP_PKEY *key, const char *kid,
				  const char *payload)
{
	return sign_jws(m, key, "SHA256", 0,
			mem_printf(m, "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"%s\"}", kid),
			payload);
}

/* A whole file below tests/, in the arena. */
UNUSED_OK static char *sign_file(struct mem *m, const char *path, size_t *n_out)
{
	FILE *f = fopen(mem_printf(m, "%s/%s", TESTS_DIR, path), "rb");
	struct buf b;
	char chunk[4096];
	size_t n;

	ck_assert_msg(f != NULL, "no file %s", path);
	buf_init(&b, m);
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_addn(&b, chunk, n);
	fclose(f);
	if (n_out)
		*n_out = b.n;
	return b.p;
}

/* A fixture as JSON; big ones too. */
UNUSED_OK static json_t *sign_fixture(struct mem *m, const char *path)
{
	size_t n;
	const char *text = sign_file(m, path, &n);
	json_t *j;
	struct err e;

	ck_assert_msg(js_parse(m, text, n, 1 << 20, &j, &e), "%s: %s", path, e.text);
	return j;
}

#endif

/* seal.c - authenticated encryption of small things: AES-256-GCM under a key
 * that HKDF-SHA256 (RFC 5869) derives from ours and the purpose. The text is
 * base64url(nonce | ciphertext | tag). It does not say which key it was sealed
 * with: what the key of now does not open is tried with the one before it. */
#include "keys/keys.h"
#include "base/str.h"
#include "base/sys.h"
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>

enum { KEY_LEN = 32, NONCE_LEN = 12, TAG_LEN = 16 };

/* Fetched once: looking an algorithm up costs more than using it. */
static EVP_KDF *hkdf;
static EVP_CIPHER *gcm;

static void fetch_algorithms(void)
{
	hkdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
	if (!hkdf || !gcm)
		BUG("openssl offers no HKDF or AES-256-GCM");
}

static void derive(const unsigned char key[KEY_LEN], const char *purpose,
		   unsigned char out[KEY_LEN])
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	char digest[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)(uintptr_t)key,
						  KEY_LEN),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)(uintptr_t)purpose,
						  strlen(purpose)),
		OSSL_PARAM_construct_end(),
	};

	pthread_once(&once, fetch_algorithms);
	EVP_KDF_CTX *kdf = EVP_KDF_CTX_new(hkdf);
	if (!kdf || EVP_KDF_derive(kdf, out, KEY_LEN, params) != 1)
		BUG("HKDF failed");
	EVP_KDF_CTX_free(kdf);
}

/* HKDF costs several times what sealing itself does, and a process seals with one key
 * for two or three purposes, and may open with two: each thread keeps what it derived
 * last. */
static const unsigned char *derived(const unsigned char key[KEY_LEN], const char *purpose)
{
	static _Thread_local struct kept {
		bool used;
		char purpose[32];
		unsigned char from[KEY_LEN], key[KEY_LEN];
	} kept[8];
	static _Thread_local unsigned next;

	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (kept[i].used && str_eq(kept[i].purpose, purpose) &&
		    secret_eq(kept[i].from, KEY_LEN, key, KEY_LEN))
			return kept[i].key;
	struct kept *k = &kept[next++ % (sizeof kept / sizeof *kept)];
	if (strlen(purpose) >= sizeof k->purpose)
		BUG("purpose %s is too long", purpose);
	derive(key, purpose, k->key);
	memcpy(k->from, key, KEY_LEN);
	memcpy(k->purpose, purpose, strlen(purpose) + 1);
	k->used = true;
	return k->key;
}

char *seal(struct mem *m, const struct seal_key *key, const char *purpose, const void *bytes,
	   size_t n)
{
	unsigned char *sealed = mem_alloc(m, NONCE_LEN + n + TAG_LEN);
	unsigned char *text = sealed + NONCE_LEN, *tag = text + n;
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int done;

	if (n > INT_MAX)
		BUG("%zu bytes to seal", n);
	/* derived() comes first: it fetches the algorithms too */
	const unsigned char *with = derived(key->now, purpose);
	random_bytes(sealed, NONCE_LEN);
	if (!c || EVP_EncryptInit_ex2(c, gcm, with, sealed, NULL) != 1 ||
	    EVP_EncryptUpdate(c, text, &done, bytes, (int)n) != 1 ||
	    EVP_EncryptFinal_ex(c, tag, &done) != 1 ||
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG_LEN, tag) != 1)
		BUG("AES-256-GCM failed");
	EVP_CIPHER_CTX_free(c);
	return b64url_encode(m, sealed, NONCE_LEN + n + TAG_LEN);
}

static bool decrypt(const unsigned char key[KEY_LEN], unsigned char *sealed, size_t n,
		    unsigned char *out)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int done;

	bool ok = c && EVP_DecryptInit_ex2(c, gcm, key, sealed, NULL) == 1 &&
		  EVP_DecryptUpdate(c, out, &done, sealed + NONCE_LEN, (int)n) == 1 &&
		  EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, TAG_LEN, sealed + NONCE_LEN + n) ==
			  1 &&
		  EVP_DecryptFinal_ex(c, out + n, &done) == 1;
	EVP_CIPHER_CTX_free(c);
	ERR_clear_error(); /* the queue is the thread's and sticky (style.md 3.5) */
	return ok;
}

bool unseal(struct mem *m, const struct seal_key *key, const char *purpose, const char *text,
	    unsigned char **out, size_t *n_out)
{
	unsigned char *sealed;
	size_t n;

	if (!b64url_decode(m, text, strlen(text), &sealed, &n) || n < NONCE_LEN + TAG_LEN ||
	    n > INT_MAX)
		return false;
	n -= NONCE_LEN + TAG_LEN;
	unsigned char *opened = mem_alloc(m, n + 1);
	if (!decrypt(derived(key->now, purpose), sealed, n, opened) &&
	    !(key->has_before && decrypt(derived(key->before, purpose), sealed, n, opened)))
		return false;
	opened[n] = '\0';
	*out = opened;
	*n_out = n;
	return true;
}

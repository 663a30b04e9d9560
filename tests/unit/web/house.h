/* house.h - a house without a database: what is decided before one is asked. */
#ifndef TESTS_WEB_HOUSE_H
#define TESTS_WEB_HOUSE_H

#include "web/web_internal.h"
#include "base/str.h"
#include "db/db.h"
#include "i18n/i18n.h"
#include <check.h>
#include <string.h>

#define TOOL    "https://tool.example"
#define TENANT  "018f0000-0000-7000-8000-000000000001"
#define PERSON  "018f0000-0000-7000-8000-000000000002"
#define COURSE  "018f0000-0000-7000-8000-000000000003"
#define REVIEW  "018f0000-0000-7000-8000-000000000004"
#define SESSION "018f0000-0000-7000-8000-0000deadbeef"
#define SID     "deadbeef"

static struct mem *m;
static struct err e;
static struct config config;
static struct house house;
static struct worker worker;
static struct request request;
static struct response response;

__attribute__((unused)) static void open_house(void)
{
	m = mem_new();
	e = (struct err){0};
	config = (struct config){
		.base_url = TOOL, .session_hours = 8, .kek.now = "0123456789abcdef0123456789abcde"};
	house = (struct house){.config = &config};
	struct lti_config lti = {.base_url = TOOL,
				 .user_agent = "test",
				 .http_allow = "",
				 .seal_key = &config.kek};
	ck_assert_msg(lti_open(&house.lti, &lti, &e), "%s", e.text);
	worker = (struct worker){.house = &house, .db = db_new("host=/nowhere")};
	i18n_init();
}

__attribute__((unused)) static void close_house(void)
{
	db_free(worker.db);
	lti_close(house.lti);
	i18n_done();
	mem_free(m);
}

__attribute__((unused)) static void begin_request(const char *method, const char *path)
{
	request = (struct request){
		.m = m, .method = method, .path = path, .query = "", .body = "", .id = "00000000"};
	response = (struct response){0};
}

__attribute__((unused)) static void with_header(const char *name, const char *value)
{
	request.headers[request.headers_n++] = (struct pair){name, value};
}

__attribute__((unused)) static void with_body(const char *body)
{
	request.body = body;
	request.body_n = strlen(body);
}

__attribute__((unused)) static const char *answered_header(const char *name)
{
	for (size_t i = 0; i < response.headers_n; i++)
		if (!strcmp(response.headers[i].name, name))
			return response.headers[i].value;
	return NULL;
}

__attribute__((unused)) static struct exchange exchange_of(void)
{
	return (struct exchange){.house = &house,
				 .db = worker.db,
				 .m = m,
				 .request = &request,
				 .response = &response,
				 .language = "en"};
}

__attribute__((unused)) static struct viewer viewer_as(enum role role)
{
	return (struct viewer){.tenant = TENANT,
			       .person = PERSON,
			       .course = COURSE,
			       .role = role,
			       .session = SESSION,
			       .registration = "018f0000-0000-7000-8000-000000000005"};
}

/* What a browser sends back for the session cookie of that viewer: "name=value". */
__attribute__((unused)) static const char *cookie_of(const struct viewer *v)
{
	struct request no_cookies = {.m = m};
	struct response made = {0};
	struct exchange x = {.house = &house, .m = m, .request = &no_cookies, .response = &made};
	const char *sid;

	session_cookie(&x, v, "secret", &sid);
	ck_assert_str_eq(sid, SID);
	ck_assert_str_eq(made.headers[0].name, "Set-Cookie");
	return mem_strndup(m, made.headers[0].value, strcspn(made.headers[0].value, ";"));
}

__attribute__((unused)) static void with_session(enum role role)
{
	struct viewer v = viewer_as(role);

	with_header("Cookie", cookie_of(&v));
	with_header("X-Session", SID);
}

__attribute__((unused)) static int answer(void)
{
	dispatch(&worker, &request, &response);
	return response.status;
}

/* "code" or "field" of the error that was answered. */
__attribute__((unused)) static const char *error_part(const char *part)
{
	json_t *o;

	ck_assert_msg(js_parse(m, response.body, response.body_n, 65536, &o, &e), "%.*s",
		      (int)response.body_n, response.body);
	return js_str(js_obj(o, "error"), part);
}

#endif

#include "ilp/rich.h"
#include "base/str.h"
#include <cmark.h>
#include <string.h>
#include <strings.h>

#define LINK_MAX 2000

bool link_ok(const char *url, bool mail)
{
	size_t n = strlen(url);

	if (n > LINK_MAX)
		return false;
	for (const char *c = url; *c; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f || strchr("\\\"<>`{}|^", *c))
			return false;
	if (mail && !strncasecmp(url, "mailto:", 7))
		return strchr(url + 7, '@');
	const char *host = !strncasecmp(url, "https://", 8)  ? url + 8
			   : !strncasecmp(url, "http://", 7) ? url + 7
							     : NULL;
	size_t name = host ? strcspn(host, "/?#") : 0;
	/* a name before the host is how one site is made to look like another */
	return name && *host != ':' && !memchr(host, '@', name);
}

/* What becomes of a node: a node of ours, or only what is in it. */
static const char *mark_of(cmark_node *node)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_PARAGRAPH:
		return cmark_node_get_list_tight(cmark_node_parent(cmark_node_parent(node))) ? NULL
											     : "p";
	case CMARK_NODE_HEADING:
		return "h";
	case CMARK_NODE_LIST:
		return cmark_node_get_list_type(node) == CMARK_ORDERED_LIST ? "ol" : "ul";
	case CMARK_NODE_ITEM:
		return "li";
	case CMARK_NODE_EMPH:
		return "em";
	case CMARK_NODE_STRONG:
		return "strong";
	case CMARK_NODE_BLOCK_QUOTE:
		return "quote";
	case CMARK_NODE_LINK:
		return link_ok(cmark_node_get_url(node), true) ? "a" : NULL;
	default:
		return NULL;
	}
}

/* Where words go now: the innermost list, and whether each level above opened one. */
struct writing {
	json_t *lists[RICH_DEEP + 1];
	int depth;
};

/* Words beside words are one text. */
static void add_words(json_t *list, const char *words)
{
	size_t n = json_array_size(list);
	json_t *last = n ? json_array_get(list, n - 1) : NULL;

	if (!json_is_string(last)) {
		json_array_append_new(list, json_string(words));
		return;
	}
	json_t *both = json_sprintf("%s%s", json_string_value(last), words);
	json_array_set_new(list, n - 1, both);
}

static void open_node(struct writing *w, const char *mark, const char *href)
{
	json_t *list = json_array(), *o = json_pack("{s:s, s:o}", "t", mark, "c", list);

	if (href)
		json_object_set_new(o, "href", json_string(href));
	json_array_append_new(w->lists[w->depth], o);
	w->lists[++w->depth] = list;
}

static void add_leaf(struct writing *w, cmark_node *node)
{
	json_t *list = w->lists[w->depth];
	const char *words = cmark_node_get_literal(node);

	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_LINEBREAK:
		json_array_append_new(list, json_pack("{s:s}", "t", "br"));
		return;
	case CMARK_NODE_SOFTBREAK:
		add_words(list, " ");
		return;
	case CMARK_NODE_CODE:
	case CMARK_NODE_CODE_BLOCK:
		json_array_append_new(list, json_pack("{s:s, s:[s]}", "t", "code", "c", words));
		return;
	default:
		if (!str_empty(words))
			add_words(list, words);
	}
}

static bool is_leaf(cmark_node_type type)
{
	return type == CMARK_NODE_TEXT || type == CMARK_NODE_SOFTBREAK ||
	       type == CMARK_NODE_LINEBREAK || type == CMARK_NODE_CODE ||
	       type == CMARK_NODE_CODE_BLOCK || type == CMARK_NODE_HTML_BLOCK ||
	       type == CMARK_NODE_HTML_INLINE || type == CMARK_NODE_THEMATIC_BREAK;
}

/* Node by node without calling itself: how deep a text nests is for who wrote it to say. */
static void walk(struct writing *w, cmark_node *root)
{
	cmark_iter *iter = cmark_iter_new(root);
	int skipped = 0; /* opened beyond RICH_DEEP */

	for (cmark_event_type ev; (ev = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
		cmark_node *node = cmark_iter_get_node(iter);
		if (is_leaf(cmark_node_get_type(node))) {
			add_leaf(w, node);
			continue;
		}
		const char *mark = mark_of(node);
		if (!mark)
			continue;
		if (ev == CMARK_EVENT_EXIT) {
			if (skipped)
				skipped--;
			else
				w->depth--;
		} else if (skipped || w->depth == RICH_DEEP)
			skipped++;
		else
			open_node(w, mark, str_eq(mark, "a") ? cmark_node_get_url(node) : NULL);
	}
	cmark_iter_free(iter);
}

json_t *rich_nodes(const char *text)
{
	size_t n = strlen(text);
	struct writing w = {.lists = {json_array()}};

	if (n > RICH_MAX) {
		json_array_append_new(w.lists[0], json_pack("{s:s, s:[s]}", "t", "p", "c", text));
		return w.lists[0];
	}
	cmark_node *root = cmark_parse_document(text, n, CMARK_OPT_DEFAULT);
	walk(&w, root);
	cmark_node_free(root);
	return w.lists[0];
}

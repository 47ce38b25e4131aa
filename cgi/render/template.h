#ifndef RENDER_TEMPLATE_H
#define RENDER_TEMPLATE_H

#include "base/messages.h"

/*
 * Reads the template DIR/NAME for one language: each plain
 *
 *	<?cs var:Msg.some.key ?>
 *
 * (or var:Ja.some.key, var:En.some.key, for a paper in both languages)
 * becomes the sentence itself, escaped as the engine would have done.  The
 * account page has a hundred of them, and looking them up at every request
 * was a third of its time.  What a template does with a sentence otherwise
 * (set, call, if) stays a look-up.
 *
 * The text is the caller's, to be freed.  NULL: the file cannot be read, or
 * names a sentence that is not there; logged.
 */
struct template_words {
	const struct messages *msg, *ja, *en;
};
char *template_read(
    const char *dir, const char *name, const struct template_words *);

#endif

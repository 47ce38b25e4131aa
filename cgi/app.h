#ifndef APP_H
#define APP_H

#include <fcgiapp.h>
#include <stdint.h>

#include "page/page.h"

/* Opens all that lives as long as the process; what is wrong is told. */
enum result app_open(struct site *, const char *conf_path) MUST_CHECK;
void app_close(struct site *);
/* Answers one request. */
void app_serve(struct site *, FCGX_Request *, int64_t now);

#endif

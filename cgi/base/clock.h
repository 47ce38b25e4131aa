#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* For differences only: how much time has gone by, whoever sets the time of
 * day meanwhile (CLOCK_MONOTONIC). */
int64_t clock_us(void);
int64_t clock_seconds(void);

#endif

# crypt.pl HASH N: milliseconds that one crypt(3) with this hash takes, by the
# clock and of processor.
use strict;
use warnings;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC CLOCK_PROCESS_CPUTIME_ID);

my ($hash, $n) = @ARGV;
my $got = crypt('warm-up', $hash);
die "crypt failed\n" unless $got =~ /^\$/;
my @clocks = (CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID);
my @began = map { clock_gettime($_) } @clocks;
$got = crypt("Some-Passw0rd!$_", $hash) for 1 .. $n;
print join(' ', map {
    sprintf '%.3f', (clock_gettime($clocks[$_]) - $began[$_]) * 1000 / $n
} 0, 1), "\n";

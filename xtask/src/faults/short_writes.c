/* Writes that take only a part of what they are given, or are interrupted before they begin: what every system may do, and
 * disks in this computer hardly ever do. Loaded into the program under test by LD_PRELOAD; strace can make a call fail, but
 * not take half. Files below FERROTAPE_SHORT_BELOW are meant, chance follows FERROTAPE_SHORT_SEED, and how often it struck
 * is written to FERROTAPE_SHORT_TOLD at the end. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_ulong turns, shortened, interrupted;

/* The same seed gives the same row of numbers; who of several threads gets which is up to them. */
static uint64_t chance(void) {
    const char *seed = getenv("FERROTAPE_SHORT_SEED");
    uint64_t x = (seed ? strtoull(seed, NULL, 10) : 1) + 0x9e3779b97f4a7c15u * (atomic_fetch_add(&turns, 1) + 1);
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static int is_meant(int fd) {
    const char *below = getenv("FERROTAPE_SHORT_BELOW");
    char link[32], path[4096];
    int kept = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = below ? readlink(link, path, sizeof path) : -1;
    errno = kept;
    size_t start = below ? strlen(below) : 0;
    return length > (ssize_t)start && path[start] == '/' && memcmp(path, below, start) == 0;
}

/* One call in eight is interrupted before it does anything. */
static int is_interrupted(int fd) {
    if (!is_meant(fd) || chance() % 8 != 0) return 0;
    atomic_fetch_add(&interrupted, 1);
    errno = EINTR;
    return 1;
}

/* How much of it is taken: one call in eight takes all. */
static size_t part(int fd, size_t count) {
    uint64_t random = is_meant(fd) ? chance() : 0;
    if (count < 2 || random % 8 == 0) return count;
    atomic_fetch_add(&shortened, 1);
    return 1 + (random >> 8) % (count - 1);
}

ssize_t write(int fd, const void *bytes, size_t count) {
    return is_interrupted(fd) ? -1 : syscall(SYS_write, fd, bytes, part(fd, count));
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    return is_interrupted(fd) ? -1 : syscall(SYS_pwrite64, fd, bytes, part(fd, count), at);
}

/* Part of the first piece only; where that is empty, all of it. */
ssize_t writev(int fd, const struct iovec *pieces, int count) {
    if (is_interrupted(fd)) return -1;
    if (count < 1 || pieces[0].iov_len == 0) return syscall(SYS_writev, fd, pieces, count);
    return syscall(SYS_write, fd, pieces[0].iov_base, part(fd, pieces[0].iov_len));
}

/* These two are not interrupted: the kernel starts them again by itself. */
ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t count, unsigned flags) {
    return syscall(SYS_copy_file_range, from, from_at, to, to_at, part(to, count), flags);
}

ssize_t sendfile64(int to, int from, off64_t *at, size_t count) {
    return syscall(SYS_sendfile, to, from, at, part(to, count));
}

__attribute__((destructor)) static void tell(void) {
    const char *told = getenv("FERROTAPE_SHORT_TOLD");
    int fd = told ? open(told, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644) : -1;
    char words[64];
    int length = snprintf(words, sizeof words, "%lu %lu\n", shortened, interrupted);
    if (fd >= 0) syscall(SYS_write, fd, words, (size_t)length);
}

#include <git2.h>
#include <git2/sys/repository.h>

// Swift cannot call variadic C functions: each wrapper below fixes the argument types of one kind of option.

/// `git_libgit2_opts` for the options that take an `int` switch.
static inline int cgit2_set_switch(int option, int enabled) {
    return git_libgit2_opts(option, enabled);
}

/// `git_libgit2_opts` for the options that take a size or a count.
static inline int cgit2_set_size(int option, size_t size) {
    return git_libgit2_opts(option, size);
}

/// `git_libgit2_opts` for the folder that holds the configuration of one level.
static inline int cgit2_set_search_path(int level, const char *path) {
    return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}

/// `git_libgit2_opts` for the file of certificates that vouch for https servers.
static inline int cgit2_set_certificates(const char *file) {
    return git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, NULL);
}

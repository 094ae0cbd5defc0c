# What several scripts need: messages, the installation of PostgreSQL, and the
# users that its programs and the package manager want. To be sourced.

# shellcheck shell=bash

# Set by the caller to its own name, for messages.
me=${0##*/}

say() { printf '%s: %s\n' "$me" "$*" >&2; }
die() { say "$@"; exit 1; }

top=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
top=${top%/scripts}
export PG_CONFIG=${PG_CONFIG:-pg_config}

# PostgreSQL refuses to run as root; Debian's package brings the user postgres.
as_server_user() {
	if ((EUID == 0)); then
		(cd / && exec runuser -u postgres -- "$@")
	else
		"$@"
	fi
}

# Packages and extensions are installed by root.
as_root() {
	if ((EUID == 0)); then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "this needs root or sudo: $*"
	fi
}

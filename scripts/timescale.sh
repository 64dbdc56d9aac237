#!/usr/bin/env bash
# PostgreSQL 17 with TimescaleDB (Apache edition) and pgvector, and Redis, from Debian's packages: downloaded by apt, which checks their
# signatures, and unpacked into a folder. Needs no root, no Docker, and changes nothing of the system. Debian or Ubuntu, x86-64 or arm64.
#   timescale.sh start DIR   starts both (downloads at the first time) and prints TEST_DATABASE_URL=... and TEST_REDIS_URL=...
#   timescale.sh stop DIR    stops both and deletes their data; the unpacked programs stay in the cache
#   timescale.sh psql DIR [ARGUMENTS]
set -euo pipefail

RELEASE=trixie
# as root where PostgreSQL's account can get at it
CACHE=${FLUXION_TIMESCALE_CACHE:-/var/tmp/fluxion-timescale-$(id -u)}
PACKAGES="postgresql-17 postgresql-client-17 postgresql-17-timescaledb postgresql-17-pgvector redis-server redis-tools
  libc6 libgcc-s1 libstdc++6 libpq5 libicu76 libxml2 libxslt1.1 libssl3t64 liblz4-1 libzstd1 zlib1g liblzma5 libldap2 libsasl2-2
  libgssapi-krb5-2 libkrb5-3 libk5crypto3 libkrb5support0 libkeyutils1 libcom-err2 libpam0g libaudit1 libcap-ng0 libcap2 libsystemd0
  libgcrypt20 libgpg-error0 libuuid1 libreadline8t64 libtinfo6 libxxhash0 libselinux1 libpcre2-8-0 libedit2 libbsd0 libmd0 libffi8
  libjemalloc2 liblua5.1-0 lua-cjson lua-bitop liblzf1 libatomic1 libnuma1 liburing2 tzdata"
STAMP="2 $RELEASE $(cksum <<<"$PACKAGES")"
PROGRAMS=$CACHE/root/usr/lib/postgresql/17/bin

# the mirror that this machine already takes Debian from
mirror() {
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
    sed -nE 's#^[^\#]*(https?://[^ ]+/debian)/?( .*)?$#\1#p' | head -n 1
}

install_programs() {
  [ "$(cat "$CACHE/stamp" 2>/dev/null)" = "$STAMP" ] && return
  local from=${DEBIAN_MIRROR:-$(mirror)}
  [ -n "$from" ] || { echo 'timescale.sh: no Debian mirror in /etc/apt; set DEBIAN_MIRROR' >&2; exit 1; }
  local draft
  mkdir -p "$CACHE"
  [ -O "$CACHE" ] || { echo "timescale.sh: $CACHE belongs to somebody else; set FLUXION_TIMESCALE_CACHE" >&2; exit 1; }
  draft=$(mktemp -d "$CACHE/draft.XXXXXX")
  download "$draft" "$from" || { sed "s#$from#the mirror#g" "$draft/log" >&2; rm -rf "$draft"; exit 1; }
  for package in "$draft"/packages/*.deb; do dpkg-deb -x "$package" "$draft/root"; done
  rm -rf "$draft"/root/usr/share/{doc,man,locale,lintian} "$draft"/{packages,apt}
  wrap_programs "$draft/root"
  chmod -R a+rX "$draft" && chmod a+rx "$CACHE"
  rm -rf "$CACHE/root" && mv "$draft/root" "$CACHE/root" && rm -rf "$draft"
  printf '%s' "$STAMP" >"$CACHE/stamp"
}

# apt with a world of its own: another release than the machine's, and no lock that needs root
download() {
  local draft=$1 from=$2 apt=$1/apt
  mkdir -p "$apt"/{lists,cache/archives,state}/partial "$draft"/{packages,root}
  : >"$apt/state/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $from $RELEASE main" >"$apt/sources.list"
  cat >"$apt/apt.conf" <<CONF
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "-";
Dir::State "$apt/state";
Dir::State::status "$apt/state/status";
Dir::State::lists "$apt/lists";
Dir::Cache "$apt/cache";
APT::Sandbox::User "";
Acquire::Retries "3";
Acquire::Languages "none";
CONF
  (
    export APT_CONFIG=$apt/apt.conf
    apt-get -qq update && cd "$draft/packages" && apt-get -qq download $PACKAGES
  ) >"$draft/log" 2>&1
}

# Every program becomes NAME.elf behind a script that starts it through this folder's own loader and libraries, so that it runs on an
# older system and passes nothing of them on to what it starts. PostgreSQL finds its other files by its name, so it keeps it.
wrap_programs() {
  local root=$1 folder file name loader
  loader=$(cd "$root" && ls usr/lib/*/ld-linux-*.so.* | head -n 1)
  for folder in usr/lib/postgresql/17/bin usr/bin usr/sbin; do
    for file in "$root/$folder"/*; do
      if [ -f "$file" ] && [ ! -L "$file" ] && [ "$(head -c 4 "$file" | tail -c 3)" = ELF ]; then
        name=$(basename "$file")
        mv "$file" "$file.elf"
        cat >"$file" <<WRAPPER
#!/bin/sh
here=\$(CDPATH= cd -- "\$(dirname -- "\$(readlink -f "\$0")")" && pwd -P)
root=\${here%/$folder}
exec "\$root/$loader" --argv0 "\$here/\${0##*/}" --library-path "\$root/${loader%/*}" "\$here/$name.elf" "\$@"
WRAPPER
        chmod 755 "$file"
      fi
    done
  done
}

# PostgreSQL refuses root: an account that exists serves, none is made
unprivileged() {
  local name
  if [ "$(id -u)" != 0 ]; then "$@"; return; fi
  for name in postgres nobody; do
    if id "$name" >/dev/null 2>&1; then setpriv --reuid="$name" --regid="$(id -g "$name")" --clear-groups "$@"; return; fi
  done
  echo 'timescale.sh: neither postgres nor nobody exists here' >&2
  return 1
}

make_folder() {
  mkdir -p "$1" && chmod 755 "$1"
  [ "$(id -u)" != 0 ] || chown "$(unprivileged id -u)" "$1"
}

start() {
  local dir=$1 data=$1/data
  install_programs
  make_folder "$dir"
  unprivileged mkdir -p "$dir/run"
  if [ ! -f "$data/PG_VERSION" ]; then
    unprivileged "$PROGRAMS/initdb" -D "$data" -U fluxion -A trust -E UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8 -N >/dev/null
    unprivileged tee -a "$data/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$dir/run'
shared_preload_libraries = 'timescaledb'
timescaledb.telemetry_level = off
timescaledb.license = apache
# its scheduler would connect to every database, also to those that tests clone; nothing here uses its jobs
timescaledb.max_background_workers = 0
max_connections = 200
max_locks_per_transaction = 1024
max_worker_processes = 20
dynamic_shared_memory_type = mmap
fsync = off
synchronous_commit = off
full_page_writes = off
jit = off
CONF
  fi
  unprivileged "$PROGRAMS/pg_ctl" -D "$data" status >/dev/null ||
    unprivileged "$PROGRAMS/pg_ctl" -D "$data" -w -s -l "$dir/run/postgres.log" start >&2 || { tail "$dir/run/postgres.log" >&2; exit 1; }
  [ -n "$(ask -d postgres -c 'SELECT 1 FROM pg_database WHERE datname = $$fluxion_test$$')" ] || ask -d postgres -c 'CREATE DATABASE fluxion_test'
  start_redis "$dir/run" >&2
  echo "TEST_DATABASE_URL=postgresql://fluxion@/fluxion_test?host=${dir//\//%2F}%2Frun&port=5432"
  echo "TEST_REDIS_URL=$(cat "$dir/run/redis.url")"
}

# clients know Redis by host and port: a free one, behind a password
start_redis() {
  local run=$1 password port
  password=$(head -c 18 /dev/urandom | base64 | tr '+/' 'ab')
  redis "$run" ping 2>/dev/null | grep -q PONG && return
  for port in $(shuf -i 20000-29999 -n 20); do
    unprivileged "$CACHE/root/usr/bin/redis-server" --port "$port" --bind 127.0.0.1 --requirepass "$password" --daemonize yes --dir "$run" --save '' \
      --appendonly no --maxmemory-policy noeviction --pidfile "$run/redis.pid" --logfile "$run/redis.log" || continue
    unprivileged sh -c "umask 077; echo redis://default:$password@127.0.0.1:$port > '$run/redis.url'"
    for _ in $(seq 50); do
      redis "$run" ping 2>/dev/null | grep -q PONG && return
      sleep 0.1
    done
  done
  tail "$run/redis.log"
  return 1
}

redis() {
  local run=$1
  shift
  unprivileged "$CACHE/root/usr/bin/redis-cli" --no-auth-warning -u "$(unprivileged cat "$run/redis.url")" "$@"
}

ask() {
  unprivileged "$PROGRAMS/psql" -X -q -At -v ON_ERROR_STOP=1 -h "$DIR/run" -U fluxion "$@"
}

stop() {
  local dir=$1
  redis "$dir/run" shutdown nosave >/dev/null 2>&1 || true
  [ ! -f "$dir/data/postmaster.pid" ] || unprivileged "$PROGRAMS/pg_ctl" -D "$dir/data" -w -s -m fast stop
  rm -rf "$dir"
}

COMMAND=${1:-help}
DIR=$(realpath -m "${2:-.}")
case $COMMAND:$# in
  start:2) start "$DIR" ;;
  stop:2) stop "$DIR" ;;
  psql:*) shift 2 && ask -d fluxion_test "$@" ;;
  *) sed -n '2,6s/^# \{0,1\}//p' "$0" && exit 2 ;;
esac

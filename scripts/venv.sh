#!/bin/sh
# Make a virtual environment. Debian and Ubuntu keep `venv` in a package of its own: install it where allowed.
set -eu
python=$1
venv=$2
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "Il faut Python 3.11 ou plus récent ; ici : $("$python" --version). Indiquez-en un autre : make PYTHON=python3.12 …" >&2
  exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  if [ "$(id -u)" = 0 ]; then sudo=''; else sudo='sudo'; fi
  echo "Installation du paquet python$version-venv…" >&2
  { $sudo apt-get update -qq && $sudo apt-get install -y -qq "python$version-venv"; } >/dev/null || {
    echo "Le paquet python$version-venv manque et n'a pas pu être installé. Demandez : sudo apt install python$version-venv" >&2
    exit 1
  }
fi
exec "$python" -m venv "$venv"

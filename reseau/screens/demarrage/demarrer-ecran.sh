#!/bin/sh
# Affiche l'écran en plein écran et relance le navigateur s'il s'arrête. Alt + F4, puis Ctrl + C : arrêter.
dossier=$(cd "$(dirname "$0")" && pwd -P) || exit 1

navigateur=${RESEAU_NAVIGATEUR:-}
if [ -z "$navigateur" ]; then
    for nom in chromium chromium-browser google-chrome google-chrome-stable microsoft-edge; do
        if command -v "$nom" >/dev/null 2>&1; then navigateur=$nom; break; fi
    done
fi
if [ -z "$navigateur" ]; then
    echo "Aucun navigateur trouvé. Installez Chromium, Google Chrome ou Microsoft Edge, puis recommencez." >&2
    exit 1
fi

# À côté du dossier, et non dedans : le dossier est remplacé à chaque mise à jour.
profil=$(dirname "$dossier")/navigateur-ecran
if ! mkdir -p "$profil" 2>/dev/null || [ ! -w "$profil" ]; then
    profil=${XDG_DATA_HOME:-$HOME/.local/share}/navigateur-ecran
    mkdir -p "$profil" || exit 1
fi

# Ni veille, ni curseur, là où ces commandes existent.
if [ -n "${DISPLAY:-}" ] && command -v xset >/dev/null 2>&1; then
    xset s off -dpms s noblank 2>/dev/null
fi
if [ -n "${DISPLAY:-}" ] && command -v unclutter >/dev/null 2>&1; then
    unclutter -idle 1 &
    curseur=$!
    trap 'kill "$curseur" 2>/dev/null' EXIT
fi
trap 'exit 0' INT TERM

# Un nom de dossier peut contenir des espaces, des accents ou un « # » : l'adresse les écrit autrement.
adresse=file://$(printf '%s' "$dossier/index.html" | LC_ALL=C sed 's/%/%25/g; s/ /%20/g; s/#/%23/g; s/?/%3F/g')

while :; do
    # Le verrou d'une session mal fermée (coupure de courant, ordinateur renommé) empêcherait le départ.
    verrou=$(readlink "$profil/SingletonLock" 2>/dev/null)
    if [ -n "$verrou" ] && ! kill -0 "${verrou##*-}" 2>/dev/null; then
        rm -f "$profil/SingletonLock" "$profil/SingletonSocket" "$profil/SingletonCookie"
    fi
    "$navigateur" --kiosk --user-data-dir="$profil" --no-first-run --no-default-browser-check \
        --noerrdialogs --disable-session-crashed-bubble --hide-crash-restore-bubble --disable-infobars \
        --disable-notifications --disable-translate --disable-pinch --overscroll-history-navigation=0 \
        --disable-features=Translate,TranslateUI,LocalNetworkAccessChecks --password-store=basic \
        --check-for-update-interval=31536000 --autoplay-policy=no-user-gesture-required "$adresse"
    sleep 5
done

#!/bin/sh
# Tire les mots de passe du grand cas. Ne remplace jamais un fichier qui existe. Dossier : celui donné, sinon deploy/grand/secrets.
set -eu
dossier=${1:-$(dirname "$0")/secrets}
mkdir -p "$dossier"
chmod 700 "$dossier"
cd "$dossier"
if [ -e suivi_url ]; then
    echo "Les mots de passe sont déjà tirés, dans $dossier."
    exit 0
fi
hasard() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
pg=$(hasard)
verrou=$(hasard)
printf '%s' "$pg" >pg_motdepasse
printf 'postgresql://table_orientation:%s@%s:5432/table_orientation' "$pg" "${PG_SERVEUR:-postgresql}" >suivi_url
printf 'redis://:%s@%s:6379/0' "$verrou" "${REDIS_SERVEUR:-redis}" >verrou_url
printf 'save ""\nappendonly no\nmaxmemory 64mb\nmaxmemory-policy volatile-ttl\nrequirepass %s\n' "$verrou" >redis.conf
# Les conteneurs ne sont pas root : ils lisent chaque fichier, jamais le dossier.
chmod 644 pg_motdepasse suivi_url verrou_url redis.conf
echo "Mots de passe tirés dans $dossier. Ce dossier ne va ni dans git ni dans une sauvegarde en clair."

-- Efface de PostgreSQL les conversations dont le dernier message a plus de « jours » jours. 0 : celles qui dorment depuis 30 minutes,
-- la durée d'une conversation (session_expiration_time de domain.yml). Se relance sans risque, pendant le service.
--   psql "$TABLE_SUIVI_URL" -v ON_ERROR_STOP=1 -v jours=0 -f deploy/grand/purge.sql
DELETE FROM events WHERE sender_id IN (
    SELECT sender_id FROM events GROUP BY sender_id
    HAVING max(timestamp) < extract(epoch FROM now()) - greatest(:jours * 86400, 1800)
);
-- Rend la place sur le disque réutilisable ; les pages effacées ne gardent rien de lisible par une requête.
VACUUM events;

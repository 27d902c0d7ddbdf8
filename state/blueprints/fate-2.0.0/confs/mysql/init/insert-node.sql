-- The user that every FATE service logs in with. The managers register themselves.

CREATE DATABASE IF NOT EXISTS `${DB_NAME}`;
CREATE USER '${DB_USER}'@'%' IDENTIFIED BY '${DB_PASSWORD}';
GRANT ALL ON *.* TO '${DB_USER}'@'%';

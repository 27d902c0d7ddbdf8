-- The user that every FATE service logs in with, and the managers that eggroll finds through its metadata.

CREATE DATABASE IF NOT EXISTS `${DB_NAME}`;
CREATE USER '${DB_USER}'@'%' IDENTIFIED BY '${DB_PASSWORD}';
GRANT ALL ON *.* TO '${DB_USER}'@'%';

USE `${DB_NAME}`;
INSERT INTO `server_node` (`host`, `port`, `node_type`, `status`) VALUES
  ('clustermanager', 4670, 'CLUSTER_MANAGER', 'HEALTHY'),
  ('nodemanager', 4671, 'NODE_MANAGER', 'HEALTHY');

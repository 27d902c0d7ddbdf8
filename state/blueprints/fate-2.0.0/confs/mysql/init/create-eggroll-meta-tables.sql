-- Metadata tables of eggroll 3.0. They live in the database of FATE Flow, which makes its own tables itself.

CREATE DATABASE IF NOT EXISTS `${DB_NAME}`;
USE `${DB_NAME}`;

-- One row per stored table.
CREATE TABLE IF NOT EXISTS `store_locator` (
  `store_locator_id` BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `store_type`       VARCHAR(255)    NOT NULL,
  `namespace`        VARCHAR(2000)   NOT NULL DEFAULT 'DEFAULT',
  `name`             VARCHAR(2000)   NOT NULL,
  `path`             VARCHAR(2000)   NOT NULL DEFAULT '',
  `total_partitions` INT UNSIGNED    NOT NULL,
  `key_serdes_type`   INT            NOT NULL DEFAULT 0,
  `value_serdes_type` INT            NOT NULL DEFAULT 0,
  `partitioner_type`  INT            NOT NULL DEFAULT 0,
  `version`          INT UNSIGNED    NOT NULL DEFAULT 0,
  `status`           VARCHAR(255)    NOT NULL,
  `created_at`       DATETIME        DEFAULT CURRENT_TIMESTAMP,
  `updated_at`       DATETIME        DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  UNIQUE KEY `idx_u_store_locator_ns_n` (`namespace`(120), `name`(640)),
  KEY `idx_store_locator_st` (`store_type`),
  KEY `idx_store_locator_ns` (`namespace`(767)),
  KEY `idx_store_locator_n` (`name`(767)),
  KEY `idx_store_locator_s` (`status`),
  KEY `idx_store_locator_v` (`version`)
) DEFAULT CHARACTER SET latin1 COLLATE latin1_swedish_ci;

CREATE TABLE IF NOT EXISTS `store_option` (
  `store_option_id`  BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `store_locator_id` BIGINT UNSIGNED NOT NULL,
  `name`             VARCHAR(255)    NOT NULL,
  `data`             VARCHAR(2000)   NOT NULL DEFAULT '',
  `created_at`       DATETIME        NOT NULL DEFAULT CURRENT_TIMESTAMP,
  `updated_at`       DATETIME        NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  KEY `idx_store_option_si` (`store_locator_id`)
) DEFAULT CHARACTER SET latin1 COLLATE latin1_swedish_ci;

-- Which node holds which partition of a stored table.
CREATE TABLE IF NOT EXISTS `store_partition` (
  `store_partition_id` BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `store_locator_id`   BIGINT UNSIGNED NOT NULL,
  `node_id`            BIGINT UNSIGNED NOT NULL,
  `partition_id`       INT UNSIGNED    NOT NULL,
  `status`             VARCHAR(255)    NOT NULL,
  `created_at`         DATETIME        DEFAULT CURRENT_TIMESTAMP,
  `updated_at`         DATETIME        DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  UNIQUE KEY `idx_u_store_partition_si_spi_ni` (`store_locator_id`, `store_partition_id`, `node_id`),
  KEY `idx_store_partition_sli` (`store_locator_id`),
  KEY `idx_store_partition_ni` (`node_id`),
  KEY `idx_store_partition_s` (`status`)
) DEFAULT CHARACTER SET latin1 COLLATE latin1_swedish_ci;

-- The managers; each registers itself when it starts.
CREATE TABLE IF NOT EXISTS `server_node` (
  `server_node_id`    BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `name`              VARCHAR(2000)   NOT NULL DEFAULT '',
  `server_cluster_id` BIGINT UNSIGNED NOT NULL DEFAULT 0,
  `host`              VARCHAR(1000)   NOT NULL,
  `port`              INT             NOT NULL,
  `node_type`         VARCHAR(255)    NOT NULL,
  `status`            VARCHAR(255)    NOT NULL,
  `last_heartbeat_at` DATETIME        DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP,
  `created_at`        DATETIME        NOT NULL DEFAULT CURRENT_TIMESTAMP,
  `updated_at`        DATETIME        NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  KEY `idx_server_node_h_p_nt` (`host`(600), `port`, `node_type`(100)),
  KEY `idx_server_node_h` (`host`(767)),
  KEY `idx_server_node_sci` (`server_cluster_id`),
  KEY `idx_server_node_nt` (`node_type`),
  KEY `idx_server_node_s` (`status`)
) DEFAULT CHARACTER SET latin1 COLLATE latin1_swedish_ci;

-- One row per computing session.
CREATE TABLE IF NOT EXISTS `session_main` (
  `session_id`        VARCHAR(767)  NOT NULL PRIMARY KEY,
  `name`              VARCHAR(2000) NOT NULL DEFAULT '',
  `status`            VARCHAR(255)  NOT NULL,
  `status_reason`     VARCHAR(255),
  `before_status`     VARCHAR(255),
  `tag`               VARCHAR(255),
  `total_proc_count`  INT,
  `active_proc_count` INT,
  `created_at`        DATETIME      NOT NULL DEFAULT CURRENT_TIMESTAMP,
  `updated_at`        DATETIME      NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  KEY `idx_session_main_s` (`status`)
) DEFAULT CHARACTER SET latin1 COLLATE latin1_swedish_ci;

CREATE TABLE IF NOT EXISTS `session_option` (
  `session_option_id` BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `session_id`        VARCHAR(2000),
  `name`              VARCHAR(255)    NOT NULL,
  `data`              VARCHAR(2000)   NOT NULL DEFAULT '',
  `created_at`        DATETIME        NOT NULL DEFAULT CURRENT_TIMESTAMP,
  `updated_at`        DATETIME        NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  KEY `idx_session_option_si` (`session_id`(767))
) DEFAULT CHARACTER SET latin1 COLLATE latin1_swedish_ci;

-- The worker processes of a session.
CREATE TABLE IF NOT EXISTS `session_processor` (
  `processor_id`      BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `session_id`        VARCHAR(767),
  `server_node_id`    INT             NOT NULL,
  `processor_type`    VARCHAR(255)    NOT NULL,
  `status`            VARCHAR(255),
  `tag`               VARCHAR(255),
  `command_endpoint`  VARCHAR(255),
  `transfer_endpoint` VARCHAR(255),
  `processor_option`  VARCHAR(512),
  `before_status`     VARCHAR(255),
  `pid`               INT             NOT NULL DEFAULT -1,
  `created_at`        DATETIME        NOT NULL DEFAULT CURRENT_TIMESTAMP,
  `updated_at`        DATETIME        NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  KEY `idx_session_processor_si` (`session_id`)
) DEFAULT CHARACTER SET latin1 COLLATE latin1_swedish_ci;

-- What a worker process holds of a node's cores, memory and GPUs.
CREATE TABLE IF NOT EXISTS `processor_resource` (
  `id`             BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `processor_id`   BIGINT          NOT NULL,
  `session_id`     VARCHAR(767),
  `server_node_id` INT             NOT NULL,
  `resource_type`  VARCHAR(255),
  `allocated`      BIGINT          NOT NULL DEFAULT 0,
  `extention`      VARCHAR(512),
  `status`         VARCHAR(255),
  `pid`            INT             NOT NULL DEFAULT -1,
  `created_at`     DATETIME        NOT NULL DEFAULT CURRENT_TIMESTAMP,
  `updated_at`     DATETIME        NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  KEY `idx_processor_id_processor_resource` (`processor_id`),
  KEY `idx_node_id_processor_resource` (`server_node_id`),
  KEY `idx_session_id_processor_resource` (`session_id`),
  KEY `idx_node_status_processor_resource` (`server_node_id`, `resource_type`, `status`)
) DEFAULT CHARACTER SET latin1 COLLATE latin1_swedish_ci;

-- What a node has of each, and how much of it is taken.
CREATE TABLE IF NOT EXISTS `node_resource` (
  `resource_id`    BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `server_node_id` BIGINT          NOT NULL,
  `resource_type`  VARCHAR(255),
  `total`          BIGINT          NOT NULL DEFAULT 0,
  `used`           BIGINT          NOT NULL DEFAULT 0,
  `pre_allocated`  BIGINT          NOT NULL DEFAULT 0,
  `allocated`      BIGINT          NOT NULL DEFAULT 0,
  `extention`      VARCHAR(512),
  `status`         VARCHAR(255),
  `created_at`     DATETIME        NOT NULL DEFAULT CURRENT_TIMESTAMP,
  `updated_at`     DATETIME        NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  UNIQUE KEY `idx_u_node_resource` (`server_node_id`, `resource_type`),
  KEY `idx_node_id_node_resource` (`server_node_id`),
  KEY `idx_node_status_node_resource` (`server_node_id`, `status`)
) DEFAULT CHARACTER SET latin1 COLLATE latin1_swedish_ci;

-- The ranks of a deep learning session's containers.
CREATE TABLE IF NOT EXISTS `session_ranks` (
  `container_id`   BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `session_id`     VARCHAR(767),
  `server_node_id` INT             NOT NULL,
  `global_rank`    INT UNSIGNED    NOT NULL,
  `local_rank`     INT UNSIGNED    NOT NULL,
  KEY `idx_session_id_session_ranks` (`session_id`)
) DEFAULT CHARACTER SET latin1 COLLATE latin1_swedish_ci;

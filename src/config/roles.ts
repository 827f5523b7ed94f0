import type { ModelSetting } from '../define-config.js';
import type { BlockKind } from '../model/domain-model.js';

/** The roles by the names that a configuration gives them. */
export const ROLES: Readonly<Record<keyof ModelSetting, BlockKind>> = {
  aggregateRoots: 'aggregate-root',
  entities: 'entity',
  valueObjects: 'value-object',
  identifiers: 'identifier',
  domainEvents: 'domain-event',
  commands: 'command',
  queries: 'query',
  repositories: 'repository',
  factories: 'factory',
  domainServices: 'domain-service',
  applicationServices: 'application-service',
  commandHandlers: 'command-handler',
  eventHandlers: 'event-handler',
  queryHandlers: 'query-handler',
  sagas: 'saga',
  readModels: 'read-model',
  persistenceRecords: 'persistence-record',
};

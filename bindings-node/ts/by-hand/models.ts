// The provider's own list of its models, laid over the catalogue.

import { models } from '../doors.js';
import type { CallOptions } from '../options.js';
import { GeneratedModels } from '../resources.js';
import type { ModelSync } from '../types.js';

/** The models that the provider offers to this key. */
export class Models extends GeneratedModels {
  /**
   * Lays the provider's own list over the catalogue and says what was different. `overlay` of what it gives is a client's
   * option of that name (`client.withOptions({ overlay })`): plain data, to be saved and loaded as JSON. `base` is an
   * overlay of the caller's own, over which the list is laid.
   */
  async sync({ base, ...options }: CallOptions & { base?: unknown } = {}): Promise<ModelSync> {
    return models.sync(await this.list(options), base === undefined ? {} : { overlay: base });
  }
}

import type { SavedNetwork } from './network';

/** A tfjs LayersModel, as far as it is asked here. */
export interface SavableNetwork {
  save(handler: {
    save(network: SavedNetwork): Promise<{
      modelArtifactsInfo: { dateSaved: Date; modelTopologyType: 'JSON' };
    }>;
  }): Promise<unknown>;
}

/** What tfjs saves of a network, in memory. */
export async function savedNetwork(network: SavableNetwork): Promise<SavedNetwork> {
  let saved: SavedNetwork = {};
  await network.save({
    save: async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    },
  });
  return saved;
}

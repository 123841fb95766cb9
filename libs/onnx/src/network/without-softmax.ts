import type { Application, Network } from './network';

/** Takes a softmax off the network's end, so that it gives logits. */
export function withoutSoftmax(network: Network): Network {
  const last = network.applications.find(({ output }) => output === network.output);
  if (last === undefined || !endsInSoftmax(last)) return network;
  if (last.type === 'Softmax' || last.type === 'Activation') {
    const applications = network.applications.filter((application) => application !== last);
    return { ...network, applications, output: last.inputs[0]! };
  }
  const linear = { ...last, config: { ...last.config, activation: 'linear' } };
  const applications = network.applications.map((application) =>
    application === last ? linear : application,
  );
  return { ...network, applications };
}

function endsInSoftmax({ type, config }: Application): boolean {
  return type === 'Softmax' || config['activation'] === 'softmax';
}

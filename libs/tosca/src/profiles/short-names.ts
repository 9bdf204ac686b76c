/** `tosca.nodes.`, with lower-case words that the standard leaves out of a short name too: `network.`, `node.lifecycle.`. */
const KIND =
  /^tosca\.(?:nodes|capabilities|relationships|interfaces|artifacts|datatypes|groups|policies)\.(?<rest>(?:[a-z]+\.)*)(?<name>.+)$/;

/**
 * The names under which the standard lets a template use a normative type: `Compute` and `tosca:Compute` for
 * `tosca.nodes.Compute`, `Network`, `network.Network` and either after `tosca:` for `tosca.nodes.network.Network`.
 * Empty where `fullName` is not of that form. For types of an implicit profile: in one of those no two types of a kind
 * share a short name, while SOL001, which is imported, has an AttachesTo of its own.
 */
export function shortNamesOf(fullName: string): readonly string[] {
  const { rest = '', name = '' } = KIND.exec(fullName)?.groups ?? {};
  if (name === '') return [];
  const names = new Set([name, `${rest}${name}`]);
  // tosca:Bash is tosca.artifacts.Implementation.Bash.
  if (fullName.startsWith('tosca.artifacts.Implementation.'))
    names.add(name.replace(/^Implementation\./, ''));
  return [...names].flatMap((short) => [short, `tosca:${short}`]);
}

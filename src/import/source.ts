/** What an inventory can be made of. */
export const sourceKinds = ['keepalived', 'ipvsadm', 'ansible-ini', 'ansible-yaml'] as const;

/** See {@link sourceKinds}. */
export type SourceKind = (typeof sourceKinds)[number];

/** What a text is, by what is in it. */
export function kindOf(text: string): SourceKind {
  if (/^\s*(-A|--add-service)\s/m.test(text)) return 'ipvsadm';
  if (
    /^\s*(@\S+\s+)?(global_defs|vrrp_\w+|virtual_server(_group)?|static_\w+|net_namespace|include\w?)\b.*(\{|\S)/m.test(
      text,
    ) &&
    !/^\s*[\w.-]+:\s*$/m.test(text)
  )
    return 'keepalived';
  if (/^\s*\[[^\]]+\]\s*$/m.test(text)) return 'ansible-ini';
  return /^[\s\S]*?^\s*[\w.-]+:(\s|$)/m.test(text) ? 'ansible-yaml' : 'ansible-ini';
}

/** The host of the inventory that Ansible's inventory does not have: nothing is deployed to it, it sends requests. */
export const unmanaged = 'probe1';

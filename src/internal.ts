/**
 * The types of every `…/provider`: none. These entry points are internal. Pulumi's engine loads them by their path, which
 * is in the state, so the paths stay; what they export changes without notice.
 */
export {};

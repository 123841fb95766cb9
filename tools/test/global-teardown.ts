/** Ends what `global-setup` started. */
export default async function globalTeardown(): Promise<void> {
  await (globalThis as { stopSharedServices?: () => Promise<void> }).stopSharedServices?.();
}

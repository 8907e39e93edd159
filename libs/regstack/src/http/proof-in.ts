/** Fields of a body by which somebody proves who they are. */
interface ProofFields {
  readonly current_password?: string;
  readonly code?: string | null;
}

/** The proof in a body, by the names of services. */
export function proofIn<T extends ProofFields>({ current_password, code }: T) {
  return { currentPassword: current_password as T['current_password'], code };
}

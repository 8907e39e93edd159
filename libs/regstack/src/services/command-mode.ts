/**
 * There in an app that a command has booted for its services (`RegStackModule.asCommand()`), absent in one that serves. Then nothing works in
 * the background, the schema is taken as it is, and a key that is missing refuses nothing: a command may be there to mend that.
 */
export class CommandMode {}

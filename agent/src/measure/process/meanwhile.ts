/** The process has ended while it was read. Never leaves this room: it is no finding. */
export class EndedMeanwhile extends Error {}

/** What was read before no longer fits what is read now: begin again. Never leaves this room. */
export class ChangedMeanwhile extends Error {}

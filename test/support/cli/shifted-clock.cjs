// Loaded before a program (`NODE_OPTIONS=--require`): its clock goes as many seconds ahead as SHIFT_SECONDS says.
const ahead = Number(process.env.SHIFT_SECONDS) * 1000;
const RealDate = Date;
const now = RealDate.now.bind(RealDate);
globalThis.Date = class Date extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(now() + ahead);
    else super(...args);
  }

  static now() {
    return now() + ahead;
  }
};

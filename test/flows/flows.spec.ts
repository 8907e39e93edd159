// One suite of all: loading the framework takes longer than most of them. `-t` picks some by their names.
import './admin.flow';
import './admin.lists.flow';
import './cookie.flow';
import './deletion.flow';
import './devices.flow';
import './email-change.flow';
import './enumeration.flow';
import './pages.flow';
import './password.flow';
import './profile.flow';
import './races.accounts.flow';
import './races.flow';
import './races.stopped.flow';
import './secrets.flow';
import './sessions.flow';
import './sessions.time.flow';
import './verification.flow';

// What makes the staff pages smooth. Every page works without it: forms post and redirect, links lead on.

import 'htmx.org';

import './keys';
import './live';
import './menus';
import './sentence';
import './suggest';
import './visits';

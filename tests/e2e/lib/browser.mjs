/* Chromium as people have it. Playwright's own switches turn some of it off that matters
 * here: storage parted by the site around a frame, and the refusal of windows nobody
 * clicked for. With an empty profile it takes only partitioned cookies in frames. */
import { chromium } from 'playwright-core';

/* Playwright's list less ThirdPartyStoragePartitioning: the last switch of a name counts. */
const DISABLED = ['AvoidUnnecessaryBeforeUnloadCheckSync', 'BoundaryEventDispatchTracksNodeRemoval', 'DestroyProfileOnBrowserClose', 'DialMediaRouteProvider',
	'GlobalMediaControls', 'HttpsUpgrades', 'LensOverlay', 'MediaRouter', 'PaintHolding', 'Translate', 'RenderDocument', 'OptimizationHints'];
const ARGS = ['--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run', '--disable-sync', '--disable-quic',
	`--disable-features=${DISABLED.join(',')}`];

const options = () => ({
	executablePath: process.env.ILPD_TEST_CHROMIUM ?? '/usr/bin/chromium',
	/* Chromium has no sandbox for root. */
	chromiumSandbox: process.getuid?.() !== 0,
	ignoreDefaultArgs: ['--disable-popup-blocking'],
	args: ARGS,
});

export const openBrowser = () => chromium.launch(options());

/* With a profile in a folder, for settings a browser has only there. */
export const openProfile = (dir, context) => chromium.launchPersistentContext(dir, { ...options(), ...context });

/* The setting of somebody who lets this site keep nothing inside that one: not even what
 * is parted by site. */
export function blockedCookies(inner, outer) {
	const exception = `${new URL(inner).hostname},http://${new URL(outer).hostname}`;
	return { profile: { content_settings: { exceptions: { cookies: { [exception]: { setting: 2 } } } } } };
}

/* The setting of somebody who lets every site keep what it likes inside every other. */
export const allowedCookies = () => ({ profile: { cookie_controls_mode: 0, block_third_party_cookies: false, default_content_setting_values: { cookies: 1 } } });

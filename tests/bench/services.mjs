/* What platforms' services cost: rosters of any length, many registrations, and one whose
 * key set hangs while others launch. */
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { TENANT, addPlatform, freePorts } from '../harness/index.mjs';
import { residentMiB, Times, together } from './measure.mjs';
import { PAGE_SIZE, Platform } from './platform.mjs';
import { Stage, startStage, USERS } from './stage.mjs';

/* Peak memory since the last call. */
function peakMiB(pid) {
	const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
	writeFileSync(`/proc/${pid}/clear_refs`, '5');
	return peak;
}

/* One roster from nothing: a teacher comes to a course whose list is that long. */
async function roster(stage, size, of, report, fact) {
	const pages = Math.ceil(size / of);
	stage.platform.roster = `/members/${size}?of=${of}`;
	peakMiB(stage.tool.pid);
	let trips = 0;
	const m = await stage.meter.run(size, [async () => {
		await stage.visit(30 * (pages + size));
		trips += 2; /* a launch and a home */
		for (let state = ''; state !== 'done'; trips++) {
			await sleep(500);
			state = await stage.database.value(`SELECT string_agg(DISTINCT roster_state, ' ') FROM ilp.course`);
			if (state.includes('failed'))
				throw new Error('the roster failed');
		}
	}]);
	report(`member of ${size}, ${of} a page`, { ...m, perSecond: undefined, trips: undefined });
	fact(`transactions a page, ${size} members, ${of} a page`, (m.trips * size - trips) / pages, 0, '');
	fact(`peak memory, ${size} members, ${of} a page`, peakMiB(stage.tool.pid), 0, 'MiB');
}

export async function measureRosters(scale, report, fact) {
	for (const [size, of] of [[500, PAGE_SIZE], [5000, PAGE_SIZE], [50_000, PAGE_SIZE], [5000, 5000]]) {
		const stage = await startStage({});
		try {
			await roster(stage, Math.max(of, Math.round(size * scale)), of, report, fact);
		} finally {
			await stage.stop();
		}
	}
}

const others = (n) => `
	INSERT INTO lti.registration (registration_id, tenant_id, name, profile, issuer, client_id, auth_url, token_url, jwks_url)
	SELECT gen_random_uuid(), '${TENANT}', 'Other ' || i, 'generic', 'https://lms' || i || '.example', 'client-' || i,
		'https://lms' || i || '.example/auth', 'https://lms' || i || '.example/token', 'https://lms' || i || '.example/jwks'
	FROM generate_series((SELECT count(*) FROM lti.registration), ${n} - 1) i;
	NOTIFY registration`;

/* Launches of people known before, while there are more and more registrations. */
export async function measureRegistrations(n, launches, report, fact) {
	const stage = await startStage({});
	const run = async (times) => stage.meter.run(n, launches(stage, n, times, (i) => i));
	try {
		await run(new Times());
		for (const many of [1, 100, 10_000]) {
			await stage.database.psql(others(many));
			await sleep(1500);
			await stage.visit(0); /* reads them all, once */
			const times = new Times();
			report(`launch, ${many} registrations`, await run(times), times);
			fact(`resident with ${many} registrations`, residentMiB(stage.tool.pid), 0, 'MiB');
		}
	} finally {
		await stage.stop();
	}
}

/* Launches of one platform, without and with visitors of another whose key set hangs. */
export async function measureHanging(n, launches, report) {
	const [port] = await freePorts(1);
	const stage = await startStage({ alsoAllow: [port] });
	const other = new Platform(port, stage.settings.ILPD_BASE_URL);
	const hung = new Stage({ ...stage, platform: other });
	let going = true, refused = 0;
	const visitors = async () => {
		while (going) {
			await hung.visit(refused).catch((e) => {
				if (!e.message.startsWith('launch: 5')) /* without a key set: 502 */
					throw e;
				refused++;
			});
			await sleep(50); /* a person does not knock faster */
		}
	};
	try {
		other.hangs = true;
		await addPlatform(stage.settings, { ...other.registration('018f0000-0000-7000-8000-0000000000bf'), name: 'Hanging' });
		await sleep(1500);
		const run = async (name) => {
			const times = new Times();
			const m = await stage.meter.run(n, launches(stage, n, times, (i) => i));
			if (name)
				report(name, m, times);
		};
		await run(null);
		await run('launch');
		const crowd = together(USERS, USERS, visitors);
		await sleep(500);
		await run("launch, another's key set hangs");
		going = false;
		other.stop();
		await crowd;
		console.error(`  ${refused} visitors of the platform that hangs were refused`);
	} finally {
		await stage.stop();
	}
}

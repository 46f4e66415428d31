"use client";

import { useEffect, useState, type ReactElement } from "react";

import { api } from "#components/api/endpoints.ts";
import { failureOf, type Failure } from "#components/api/failure.ts";
import type { PersonDevice, SignedInDevice } from "#components/api/shapes.ts";
import { Button } from "#components/ui/button.tsx";
import { useSlowNow } from "#components/ui/clock.ts";
import { Notice } from "#components/ui/notice.tsx";
import { sayExactly, sayMoment } from "#components/ui/time-words.ts";

import { sayAgent } from "./agent-words.ts";
import css from "./devices-dialog.module.css";
import { words } from "./words.ts";

const Device = ({
  device,
  onEnd,
}: {
  readonly device: PersonDevice & Partial<SignedInDevice>;
  readonly onEnd: () => void;
}): ReactElement => {
  const nowMs = useSlowNow();
  const seenMs = Date.parse(device.lastSeenAt);
  const current = device.current === true;
  return (
    <li className={css["device"]}>
      <div>
        <p className={css["name"]}>{sayAgent(device.agent) ?? words.unknownDevice}</p>
        <p className={css["seen"]} title={sayExactly(seenMs)}>
          {current ? words.thisDevice : `${words.lastSeen} ${sayMoment(seenMs, nowMs ?? seenMs)}`}
          {device.address === null ? "" : ` · ${device.address}`}
        </p>
      </div>
      {current ? null : <Button onClick={onEnd}>{words.endDevice}</Button>}
    </li>
  );
};

const ownDevices = { read: api.devices, end: api.endDevice };

/** Where a person is signed in, with a way out of each; one's own unless the calls are others. */
export const DeviceList = ({
  calls = ownDevices,
}: {
  /** The same object at each render. */
  readonly calls?: {
    readonly read: () => Promise<{
      readonly sessions: readonly (PersonDevice & Partial<SignedInDevice>)[];
    }>;
    readonly end: (id: string) => Promise<unknown>;
  };
}): ReactElement => {
  const [devices, setDevices] = useState<
    readonly (PersonDevice & Partial<SignedInDevice>)[] | null
  >(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    let here = true;
    const read = async (): Promise<void> => {
      try {
        const { sessions } = await calls.read();
        if (here) setDevices(sessions);
      } catch (error) {
        if (here) setFailure(failureOf(error));
      }
    };
    void read();
    return () => {
      here = false;
    };
  }, [calls]);
  const end = async (id: string): Promise<void> => {
    try {
      await calls.end(id);
      setDevices((list) => list?.filter((device) => device.id !== id) ?? null);
    } catch (error) {
      setFailure(failureOf(error));
    }
  };
  return (
    <>
      {failure === null ? null : (
        <Notice tone="bad" code={failure.requestId}>
          {failure.message}
        </Notice>
      )}
      {devices === null && failure === null ? (
        <p className={css["text"]}>{words.loading}…</p>
      ) : null}
      {devices?.length === 0 ? <p className={css["text"]}>{words.noDevices}</p> : null}
      {devices === null ? null : (
        <ul>
          {devices.map((device) => (
            <Device key={device.id} device={device} onEnd={() => void end(device.id)} />
          ))}
        </ul>
      )}
    </>
  );
};
